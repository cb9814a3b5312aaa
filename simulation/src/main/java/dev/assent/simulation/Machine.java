package dev.assent.simulation;

import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A state machine of the cores. Its inputs are read off the sealed types that the cores take: a new input makes new pairs,
 * and those that nobody visits or explains make a block of seeds red.
 */
public enum Machine {
    /** A shard on one node. */
    SHARD(List.of("FOLLOWER", "AWAITING", "READY"), shardInputs()),
    /** A global transaction as a ready leader sees it, in its memory or not; of other clusters, shards or later terms. */
    TRANSACTION(
            List.of(
                    "ACTIVE",
                    "PREPARING",
                    "DECIDING",
                    "COMMITTING",
                    "ENDING",
                    "ABORTING",
                    "COMMITTED",
                    "ABORTED",
                    "EXPIRED",
                    "UNKNOWN",
                    "ELSEWHERE"),
            transactionInputs()),
    /** A branch in its process; Unknown to it are those of others, and those that it has forgotten. */
    BRANCH(
            List.of(
                    "Active",
                    "AwaitingCalls",
                    "WritingEvidence",
                    "Preparing",
                    "InDoubt",
                    "Committing",
                    "RollingBackPrepared",
                    "RollingBack",
                    "Ended",
                    "Unknown"),
            branchInputs()),
    /** A process that begins transactions: whether callers wait for numbers. */
    BEGINNING(List.of("IDLE", "WAITING"), List.of("BeginWanted", "Leased", "LeaderReady", "Tick")),
    /** A transaction as a process knows it: one that it began, asks about, or keeps the answer of. */
    BEGUN(
            List.of("UNTOUCHED", "OPENED", "TOUCHED", "STALE", "ENDING", "ASKED", "SETTLED", "UNKNOWN"),
            initiatorInputs());

    private final List<String> states;
    private final List<String> inputs;

    Machine(List<String> states, List<String> inputs) {
        this.states = states;
        this.inputs = inputs;
    }

    /** Its states. */
    public List<String> states() {
        return states;
    }

    /** The inputs that reach it. */
    public List<String> inputs() {
        return inputs;
    }

    /** Every state with every input. */
    public List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        states.forEach(state -> inputs.forEach(input -> pairs.add(new Pair(state, input))));
        return pairs;
    }

    /** The pairs that cannot come up, in the order of {@link #pairs()}, and why. */
    public Map<Pair, String> impossible() {
        return ImpossiblePairs.of(this);
    }

    // ---- the inputs ----

    private static List<String> shardInputs() {
        Set<Class<?>> carriers = Set.of(Input.Applied.class, Input.Noticed.class, Input.Requested.class);
        List<String> inputs = names(Input.class, type -> !carriers.contains(type));
        inputs.addAll(names(LogRecord.class, type -> true));
        inputs.addAll(names(Notice.class, type -> true));
        inputs.addAll(names(Request.class, type -> true));
        return List.copyOf(inputs);
    }

    private static List<String> transactionInputs() {
        List<String> inputs = new ArrayList<>(List.of("InstanceLost", "InstanceBack", "Woken"));
        inputs.addAll(names(LogRecord.class, type -> isAbout(type, "xid")));
        inputs.addAll(names(Notice.class, type -> isAbout(type, "xid")));
        inputs.addAll(names(Request.class, type -> isAbout(type, "xid")));
        return List.copyOf(inputs);
    }

    private static List<String> branchInputs() {
        List<String> inputs = names(BranchInput.class, type -> type != BranchInput.Told.class);
        inputs.addAll(names(Command.class, type -> isAbout(type, "branch")));
        return List.copyOf(inputs);
    }

    private static List<String> initiatorInputs() {
        Set<Class<?>> others = Set.of(InitiatorInput.BeginWanted.class, InitiatorInput.Answered.class);
        List<String> inputs = names(InitiatorInput.class, type -> !others.contains(type));
        inputs.addAll(names(Answer.class, type -> true));
        return List.copyOf(inputs);
    }

    private static List<String> names(Class<?> sealed, Predicate<Class<?>> which) {
        List<String> names = new ArrayList<>();
        for (Class<?> type : sealed.getPermittedSubclasses()) {
            if (type.isRecord() && which.test(type)) {
                names.add(type.getSimpleName());
            }
        }
        return names;
    }

    private static boolean isAbout(Class<?> type, String component) {
        return Arrays.stream(type.getRecordComponents())
                .anyMatch(part -> part.getName().equals(component));
    }
}
