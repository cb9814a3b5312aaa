package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.A2;
import static dev.assent.protocol.coordinator.Names.B1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Transcript;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BranchReport;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Walks every state × input of a transaction; what each pair does is in the transcript. A state or an input that nobody
 * sampled fails, and so does a pair that is refused without being listed as impossible.
 */
class EveryPairTest {
    private static final long NOW = 1_000_000_000;
    private static final Xid X = Names.xid(ShardScenario.TERM, 7);
    private static final RequestId R1 = new RequestId("", 1);
    private static final RequestId R2 = new RequestId("", 2);

    private static final String NO_DECISION = "only DECIDING has a record of its decision on its way";
    private static final String NO_END = "only what is listed, or ENDING, can be ended";
    private static final String NOT_LISTED = "such a record stands for decided or aborted transactions only";

    /** Pairs that no input of a core can bring about, and why: an assertion stops the shard there. */
    private static final Map<String, String> IMPOSSIBLE = new LinkedHashMap<>();

    static {
        for (String state : List.of("Active", "Preparing", "Committing", "Ending", "Aborting")) {
            IMPOSSIBLE.put(state + " × DecisionStood", NO_DECISION);
        }
        for (String state : List.of("Active", "Preparing", "Deciding", "Aborting")) {
            IMPOSSIBLE.put(state + " × EndStood", NO_END);
        }
        for (String state : List.of("Active", "Preparing", "Deciding")) {
            IMPOSSIBLE.put(state + " × BranchClosed", NOT_LISTED);
            IMPOSSIBLE.put(state + " × BranchAbandoned", NOT_LISTED);
        }
        IMPOSSIBLE.put("Aborting × BranchAbandoned", "an abandonment is void unless the xid is listed");
    }

    @Test
    void everyPairIsVisitedOrImpossibleForAReason() {
        StringBuilder table = new StringBuilder();
        TreeSet<String> impossible = new TreeSet<>();
        states().forEach((stateName, state) -> inputs().forEach((inputName, input) -> {
            String pair =
                    state.getClass().getSimpleName() + " × " + input.getClass().getSimpleName();
            String line = stateName + " × " + inputName + " → ";
            if (IMPOSSIBLE.containsKey(pair)) {
                impossible.add(pair);
                assertThatThrownBy(() -> TwoPhaseCommit.step(state, input, around()))
                        .as(line)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("impossible while");
                table.append(line)
                        .append("impossible: ")
                        .append(IMPOSSIBLE.get(pair))
                        .append('\n');
            } else {
                Step step = TwoPhaseCommit.step(state, input, around());
                assertThat(TwoPhaseCommit.step(state, input, around()))
                        .as("a function")
                        .isEqualTo(step);
                table.append(line).append(result(state, step)).append('\n');
                step.effects()
                        .forEach(e ->
                                table.append("   out ").append(Names.show(e)).append('\n'));
            }
        }));
        assertThat(impossible).isEqualTo(new TreeSet<>(IMPOSSIBLE.keySet()));
        Transcript.mustEqual(table.toString(), "coordinator", "every-pair");
    }

    @Test
    void everyStateAndInputHasASample() {
        assertThat(states().values().stream().map(Object::getClass).toList())
                .containsAll(Arrays.asList(Transaction.class.getPermittedSubclasses()));
        assertThat(inputs().values().stream().map(Object::getClass).toList())
                .containsAll(Arrays.asList(TransactionInput.class.getPermittedSubclasses()));
    }

    private static String result(Transaction before, Step step) {
        return step.next()
                .map(after -> after.equals(before) ? "unchanged" : Names.show(after))
                .orElse("over");
    }

    private static Surroundings around() {
        ReplicatedState state = new ReplicatedState();
        state.apply(1, new LogRecord.ClusterCreated(Names.CLUSTER, Names.SHARD, 1));
        Instances instances = new Instances(10 * NOW);
        instances.opened(session(Names.P1, "a"), NOW);
        instances.opened(session(Names.P2, "a"), NOW);
        instances.opened(session(Names.Q1, "b"), NOW);
        return new Surroundings(ShardSettings.DEFAULTS, state, instances, ShardScenario.TERM, NOW);
    }

    private static Input.SessionOpened session(dev.assent.protocol.InstanceId instance, String resource) {
        return new Input.SessionOpened(instance, Names.show(instance), List.of(new ResourceName(resource)));
    }

    private static Map<String, Transaction> states() {
        EnlistedBranch silent = EnlistedBranch.enlisted(A1);
        EnlistedBranch yes = EnlistedBranch.enlisted(B1).voted(Vote.YES, 1);
        EnlistedBranch alsoYes = silent.voted(Vote.YES, 1);
        List<Waiter> waiters = List.of(new Waiter(R1, AnswerMode.AFTER_APPLY));
        ToldBranch toldA = ToldBranch.told(A1, true);
        ToldBranch unvotedA = ToldBranch.told(A1, false);
        ToldBranch doneB = ToldBranch.told(B1, true).with(ToldBranch.Progress.ACKNOWLEDGED);
        Retry due = new Retry(1, NOW);
        Retry later = new Retry(1, 2 * NOW);
        Map<String, Transaction> states = new LinkedHashMap<>();
        states.put("Active", new Transaction.Active(X, List.of(silent, yes), 2 * NOW));
        states.put("Active, all voted", new Transaction.Active(X, List.of(alsoYes, yes), 2 * NOW));
        states.put("Active, timeout due", new Transaction.Active(X, List.of(silent), NOW));
        states.put("Preparing", preparing(List.of(silent, yes), waiters, 2 * NOW, later));
        states.put("Preparing, repeat due", preparing(List.of(silent, yes), waiters, 2 * NOW, due));
        states.put("Preparing, timeout due", preparing(List.of(silent, yes), waiters, NOW, later));
        states.put("Deciding", new Transaction.Deciding(X, List.of(alsoYes, yes), waiters));
        states.put("Committing", committing(List.of(toldA, doneB), waiters, 2 * NOW, later));
        states.put("Committing, answer and repeat due", committing(List.of(toldA, doneB), waiters, NOW, due));
        states.put(
                "Committing, contradicted",
                committing(List.of(toldA.with(ToldBranch.Progress.CONTRADICTS)), waiters, 2 * NOW, due));
        states.put(
                "Committing, abandoned",
                committing(List.of(toldA.with(ToldBranch.Progress.ABANDONED)), List.of(), 2 * NOW, due));
        states.put("Ending", new Transaction.Ending(X, List.of(A1, B1)));
        states.put("Ending without a YES", new Transaction.Ending(X, List.of()));
        states.put("Aborting", aborting(List.of(unvotedA, doneB), 2 * NOW, later));
        states.put("Aborting, voted, repeat due", aborting(List.of(toldA), 2 * NOW, due));
        states.put("Aborting, out of patience", aborting(List.of(toldA), NOW, due));
        return states;
    }

    private static Transaction preparing(List<EnlistedBranch> of, List<Waiter> waiters, long deadline, Retry retry) {
        return new Transaction.Preparing(X, of, Names.sums(A1, B1), waiters, deadline, false, retry);
    }

    private static Transaction committing(List<ToldBranch> of, List<Waiter> waiters, long answer, Retry retry) {
        return new Transaction.Committing(X, of, waiters, answer, retry);
    }

    private static Transaction aborting(List<ToldBranch> of, long until, Retry retry) {
        return new Transaction.Aborting(X, of, AbortCause.of(AbortCause.Kind.ROLLED_BACK), until, retry);
    }

    private static Map<String, TransactionInput> inputs() {
        Map<String, TransactionInput> inputs = new LinkedHashMap<>();
        inputs.put("Begun", new TransactionInput.Begun(R2));
        inputs.put("Enlisted known", new TransactionInput.Enlisted(Names.P1, A1));
        inputs.put("Enlisted new", new TransactionInput.Enlisted(Names.P1, A2));
        inputs.put("Voted YES", new TransactionInput.Voted(Names.P1, A1, Vote.YES, 1));
        inputs.put("Voted YES, other calls", new TransactionInput.Voted(Names.P1, A1, Vote.YES, 2));
        inputs.put("Voted NO", new TransactionInput.Voted(Names.P1, A1, Vote.no("full"), 1));
        inputs.put("Voted READ_ONLY", new TransactionInput.Voted(Names.P1, A1, Vote.READ_ONLY, 1));
        inputs.put("Voted by a stranger", new TransactionInput.Voted(Names.P1, A2, Vote.no("full"), 1));
        inputs.put("Asked known", new TransactionInput.Asked(Names.P1, A1));
        inputs.put("Asked new", new TransactionInput.Asked(Names.P1, A2));
        for (BranchReport report : BranchReport.values()) {
            inputs.put("Reported " + report, new TransactionInput.Reported(Names.P1, A1, report));
        }
        inputs.put("Reported DONE by another", new TransactionInput.Reported(Names.P2, A1, BranchReport.DONE));
        inputs.put("CommitWanted", new TransactionInput.CommitWanted(R2, AnswerMode.AFTER_APPLY, Names.sums(A1, B1)));
        inputs.put(
                "CommitWanted after decision",
                new TransactionInput.CommitWanted(R2, AnswerMode.AFTER_DECISION, Names.sums(A1, B1)));
        inputs.put(
                "RollbackWanted", new TransactionInput.RollbackWanted(R2, AbortCause.of(AbortCause.Kind.CALL_FAILED)));
        inputs.put("OutcomeWanted", new TransactionInput.OutcomeWanted(R2));
        inputs.put("DecisionStood", new TransactionInput.DecisionStood());
        inputs.put("EndStood", new TransactionInput.EndStood());
        inputs.put("BranchClosed", new TransactionInput.BranchClosed(A1));
        inputs.put("BranchAbandoned", new TransactionInput.BranchAbandoned(A1));
        inputs.put("InstanceLost", new TransactionInput.InstanceLost(Names.P1));
        inputs.put("InstanceBack", new TransactionInput.InstanceBack(Names.P1));
        inputs.put("Woken", new TransactionInput.Woken());
        return inputs;
    }
}
