package dev.assent.protocol.branch;

import static dev.assent.protocol.branch.BranchScenario.OWN;
import static dev.assent.protocol.branch.BranchScenario.OWN_REF;
import static dev.assent.protocol.branch.BranchScenario.SELF;
import static dev.assent.protocol.branch.BranchScenario.TERM;
import static dev.assent.protocol.branch.BranchScenario.XID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Transcript;
import dev.assent.protocol.Vote;
import dev.assent.protocol.branch.BranchState.Attempt;
import dev.assent.protocol.branch.BranchState.End;
import dev.assent.protocol.branch.BranchState.Repeat;
import dev.assent.protocol.branch.TwoPhaseBranch.Early;
import dev.assent.protocol.branch.TwoPhaseBranch.Facts;
import dev.assent.protocol.branch.TwoPhaseBranch.Step;
import dev.assent.protocol.branch.TwoPhaseBranch.Surroundings;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Walks every state × input of a branch. A new state or input without a sample fails, a silent pair without a reason too. */
class EveryPairTest {
    private static final long NOW = 1_000;

    /** Inputs that no single branch sees, and why. */
    private static final Map<Class<?>, String> NOT_FOR_A_BRANCH = Map.of(
            BranchInput.Opened.class, "makes a branch",
            BranchInput.PreparedListed.class, "finds branches that are not in memory",
            BranchInput.RowsListed.class, "is about rows of branches that have ended",
            Command.Lease.class, "is the initiator's",
            Command.RowAnswer.class, "is about the row of a branch that has ended",
            Command.Forget.class, "is about the row of a branch that has ended");

    /** Why an input may change nothing and cause nothing. */
    private static final Map<String, String> SILENT_BECAUSE = new LinkedHashMap<>();

    static {
        String doubled = "the step is not in flight: the second answer of a step that was done twice";
        SILENT_BECAUSE.put("EvidenceWritten", doubled);
        SILENT_BECAUSE.put("NothingWritten", doubled);
        SILENT_BECAUSE.put("Prepared", doubled);
        SILENT_BECAUSE.put("PrepareFailed", doubled);
        SILENT_BECAUSE.put("Committed", doubled);
        SILENT_BECAUSE.put("NothingFound", doubled);
        SILENT_BECAUSE.put("RolledBack", doubled);
        SILENT_BECAUSE.put("FoundCommitted", doubled);
        SILENT_BECAUSE.put("Busy", doubled);
        SILENT_BECAUSE.put("LastCall", "the vote is given, or the branch is ending without one");
        SILENT_BECAUSE.put("Doomed", "the vote is given, or the branch is ending without one");
        SILENT_BECAUSE.put("EnlistAcknowledged", "known, or too late");
        SILENT_BECAUSE.put("EnlistRefused CLOSED", "a branch that is known ignores a bare refusal");
        SILENT_BECAUSE.put("EnlistRefused ABORTED", "the branch is being resolved or has ended");
        SILENT_BECAUSE.put("EnlistRefused NOT_LEADER", "not final while the own term may be the present one");
        SILENT_BECAUSE.put("Prepare", "the vote follows when the step in flight, or the call, has ended");
        SILENT_BECAUSE.put("CommitBranch", "not voted YES: never obeyed; being resolved: no second step");
        SILENT_BECAUSE.put("AbortBranch", "being resolved or remembered: no second step");
        for (Verdict verdict : Verdict.values()) {
            SILENT_BECAUSE.put(
                    "BranchAnswer " + verdict,
                    verdict == Verdict.NOT_LEADER || verdict == Verdict.ABANDON
                            ? "asked again by the clock or of the next leader"
                            : "no question is open in this state");
        }
        SILENT_BECAUSE.put("LeaderReady same", "nothing to repeat to the same leader");
        SILENT_BECAUSE.put("LeaderReady later", "the branch is ending, or its prepare may be a vote by now");
        SILENT_BECAUSE.put("Tick", "nothing is due while a step is in flight or after the end");
    }

    @Test
    void everyPairIsVisitedOrSilentForAReason() {
        StringBuilder table = new StringBuilder();
        TreeSet<String> silentInputs = new TreeSet<>();
        for (Map.Entry<String, BranchState> state : states().entrySet()) {
            for (Map.Entry<String, BranchInput> input : inputs().entrySet()) {
                TwoPhaseBranch branch = new TwoPhaseBranch(OWN_REF, facts(state.getValue()), state.getValue());
                long leader = input.getKey().equals("LeaderReady later") ? TERM + 1 : TERM;
                Surroundings world = new Surroundings(SELF, BranchSettings.DEFAULTS, leader, NOW);
                Step step = branch.on(input.getValue(), world);
                table.append(state.getKey())
                        .append(" × ")
                        .append(input.getKey())
                        .append(" → ");
                if (step.effects().isEmpty() && step.next().equals(branch)) {
                    silentInputs.add(input.getKey());
                    String reason = SILENT_BECAUSE.get(input.getKey());
                    assertThat(reason)
                            .as("why %s is silent in %s", input.getKey(), state.getKey())
                            .isNotNull();
                    table.append("nothing: ").append(reason);
                } else {
                    table.append(step.next().state().getClass().getSimpleName())
                            .append(' ')
                            .append(names(step));
                }
                table.append('\n');
            }
        }
        assertThat(silentInputs).as("reasons without a pair").containsAll(SILENT_BECAUSE.keySet());
        Transcript.mustEqual(table.toString(), "branch", "every-pair");
    }

    @Test
    void everyStateAndInputHasASample() {
        assertThat(states().values().stream().<Class<?>>map(Object::getClass).toList())
                .containsAll(Arrays.asList(BranchState.class.getPermittedSubclasses()).stream()
                        .filter(type -> type.getSimpleName().length() > 0)
                        .toList());
        List<Class<?>> sampled = new ArrayList<>(NOT_FOR_A_BRANCH.keySet());
        inputs().values().forEach(input -> {
            sampled.add(input.getClass());
            if (input instanceof BranchInput.Told told) {
                sampled.add(told.command().getClass());
            }
        });
        assertThat(sampled).contains(BranchInput.class.getPermittedSubclasses());
        assertThat(sampled).contains(Command.class.getPermittedSubclasses());
    }

    private static List<String> names(Step step) {
        return step.effects().stream()
                .map(effect -> effect instanceof BranchEffect.Tell tell
                        ? tell.notice().getClass().getSimpleName()
                        : effect.getClass().getSimpleName())
                .toList();
    }

    private static Facts facts(BranchState state) {
        boolean isNew = state instanceof BranchState.Active active && active.enlisting() != Repeat.OVER;
        boolean isVoted = state instanceof BranchState.InDoubt || state instanceof BranchState.Committing;
        Optional<Vote> vote = isVoted ? Optional.of(Vote.YES) : Optional.empty();
        return new Facts(10 * NOW, 2, 1, !isNew, Optional.empty(), vote, Early.NO);
    }

    private static Map<String, BranchState> states() {
        Map<String, BranchState> states = new LinkedHashMap<>();
        states.put("Active, not acknowledged", new BranchState.Active(new Repeat(1, NOW)));
        states.put("Active", new BranchState.Active(Repeat.OVER));
        states.put("AwaitingCalls", new BranchState.AwaitingCalls(NOW));
        states.put("WritingEvidence", new BranchState.WritingEvidence(false));
        states.put("WritingEvidence, abort wanted", new BranchState.WritingEvidence(true));
        states.put("Preparing", new BranchState.Preparing(false));
        states.put("Preparing, abort wanted", new BranchState.Preparing(true));
        states.put("InDoubt", new BranchState.InDoubt(0, false, 0, new Repeat(1, NOW), Optional.empty()));
        states.put(
                "InDoubt, found, in its grace",
                new BranchState.InDoubt(0, true, 2 * NOW, new Repeat(0, 2 * NOW), Optional.empty()));
        states.put("Committing", new BranchState.Committing(Attempt.first(0)));
        states.put("Committing, busy", new BranchState.Committing(new Attempt(1, 0, NOW, "in use")));
        states.put("RollingBackPrepared", new BranchState.RollingBackPrepared(Attempt.first(0)));
        states.put("RollingBackPrepared, busy", new BranchState.RollingBackPrepared(new Attempt(1, 0, NOW, "in use")));
        states.put("RollingBack", new BranchState.RollingBack(Optional.empty(), false));
        states.put("RollingBack, told", new BranchState.RollingBack(Optional.empty(), true));
        states.put("RollingBack, read only", new BranchState.RollingBack(Optional.of(Vote.READ_ONLY), false));
        for (End end : End.values()) {
            states.put("Ended " + end, new BranchState.Ended(end));
        }
        return states;
    }

    private static Map<String, BranchInput> inputs() {
        Map<String, BranchInput> inputs = new LinkedHashMap<>();
        inputs.put("CallEntered", new BranchInput.CallEntered(OWN));
        inputs.put("CallLeft", new BranchInput.CallLeft(OWN));
        inputs.put("LastCall", new BranchInput.LastCall(OWN));
        inputs.put("Doomed", new BranchInput.Doomed(OWN, "undone"));
        told(inputs, "EnlistAcknowledged", new Command.EnlistAcknowledged(XID, OWN));
        told(inputs, "EnlistRefused CLOSED", new Command.EnlistRefused(XID, OWN, Refusal.CLOSED));
        told(inputs, "EnlistRefused ABORTED", new Command.EnlistRefused(XID, OWN, Refusal.ABORTED));
        told(inputs, "EnlistRefused NOT_LEADER", new Command.EnlistRefused(XID, OWN, Refusal.NOT_LEADER));
        told(inputs, "Prepare", new Command.Prepare(XID, OWN));
        told(inputs, "CommitBranch", new Command.CommitBranch(XID, OWN));
        told(inputs, "AbortBranch", new Command.AbortBranch(XID, OWN));
        for (Verdict verdict : Verdict.values()) {
            told(inputs, "BranchAnswer " + verdict, new Command.BranchAnswer(XID, OWN, verdict));
        }
        inputs.put("LeaderReady same", new BranchInput.LeaderReady(0, TERM));
        inputs.put("LeaderReady later", new BranchInput.LeaderReady(0, TERM + 1));
        inputs.put("EvidenceWritten", new BranchInput.EvidenceWritten(OWN));
        inputs.put("NothingWritten", new BranchInput.NothingWritten(OWN));
        inputs.put("Prepared", new BranchInput.Prepared(OWN));
        inputs.put("PrepareFailed", new BranchInput.PrepareFailed(OWN, "failed"));
        inputs.put("Committed", new BranchInput.Committed(OWN_REF));
        inputs.put("NothingFound", new BranchInput.NothingFound(OWN_REF));
        inputs.put("RolledBack", new BranchInput.RolledBack(OWN_REF));
        inputs.put("FoundCommitted", new BranchInput.FoundCommitted(OWN_REF));
        inputs.put("Busy", new BranchInput.Busy(OWN_REF, "in use"));
        inputs.put("Tick", new BranchInput.Tick());
        return inputs;
    }

    private static void told(Map<String, BranchInput> inputs, String name, Command command) {
        inputs.put(name, new BranchInput.Told(command));
    }
}
