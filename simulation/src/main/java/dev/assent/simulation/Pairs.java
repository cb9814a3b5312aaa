package dev.assent.simulation;

import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.message.Command;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All pairs of a state and an input: which of them a block of seeds never visited is asked against this. */
final class Pairs {
    static final List<String> TRANSACTION_STATES =
            List.of("ACTIVE", "PREPARING", "DECIDING", "COMMITTING", "ENDING", "ABORTING");
    private static final List<String> TRANSACTION_INPUTS = List.of(
            "Begun",
            "Enlisted",
            "Voted",
            "Asked",
            "Reported",
            "CommitWanted",
            "RollbackWanted",
            "OutcomeWanted",
            "DecisionStood",
            "EndStood",
            "BranchClosed",
            "BranchAbandoned",
            "InstanceLost",
            "InstanceBack",
            "Woken");
    private static final List<String> BRANCH_STATES = List.of(
            "Active",
            "AwaitingCalls",
            "WritingEvidence",
            "Preparing",
            "InDoubt",
            "Committing",
            "RollingBackPrepared",
            "RollingBack",
            "Ended");
    private static final List<String> BRANCH_INPUTS = List.of(
            "CallEntered",
            "CallLeft",
            "Doomed",
            "EnlistAcknowledged",
            "EnlistRefused",
            "Prepare",
            "CommitBranch",
            "AbortBranch",
            "BranchAnswer",
            "LeaderReady",
            "EvidenceWritten",
            "NothingWritten",
            "Prepared",
            "PrepareFailed",
            "Committed",
            "NothingFound",
            "RolledBack",
            "FoundCommitted",
            "Busy",
            "Tick");

    private Pairs() {}

    static Set<String> neverOfTransactions(Set<String> visited) {
        return never(TRANSACTION_STATES, TRANSACTION_INPUTS, visited);
    }

    static Set<String> neverOfBranches(Set<String> visited) {
        return never(BRANCH_STATES, BRANCH_INPUTS, visited);
    }

    private static Set<String> never(List<String> states, List<String> inputs, Set<String> visited) {
        Set<String> never = new TreeSet<>();
        for (String state : states) {
            for (String input : inputs) {
                if (!visited.contains(state + " × " + input)) {
                    never.add(state + " × " + input);
                }
            }
        }
        return never;
    }

    static String nameOf(BranchInput input) {
        Object meant = input instanceof BranchInput.Told told ? told.command() : input;
        return meant.getClass().getSimpleName();
    }

    /** The branch that an input is about, or null. */
    static @Nullable String branchOf(BranchInput input) {
        if (input instanceof BranchInput.Told told) {
            return branchOf(told.command());
        } else if (input instanceof BranchInput.Opened it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.CallEntered it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.CallLeft it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.Doomed it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.EvidenceWritten it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.NothingWritten it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.Prepared it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.PrepareFailed it) {
            return it.branch().toString();
        }
        return finished(input);
    }

    private static @Nullable String finished(BranchInput input) {
        if (input instanceof BranchInput.Committed it) {
            return it.branch().branch().toString();
        } else if (input instanceof BranchInput.NothingFound it) {
            return it.branch().branch().toString();
        } else if (input instanceof BranchInput.RolledBack it) {
            return it.branch().branch().toString();
        } else if (input instanceof BranchInput.FoundCommitted it) {
            return it.branch().branch().toString();
        }
        return input instanceof BranchInput.Busy it ? it.branch().branch().toString() : null;
    }

    private static @Nullable String branchOf(Command command) {
        if (command instanceof Command.EnlistAcknowledged it) {
            return it.branch().toString();
        } else if (command instanceof Command.EnlistRefused it) {
            return it.branch().toString();
        } else if (command instanceof Command.Prepare it) {
            return it.branch().toString();
        } else if (command instanceof Command.CommitBranch it) {
            return it.branch().toString();
        } else if (command instanceof Command.AbortBranch it) {
            return it.branch().toString();
        } else if (command instanceof Command.BranchAnswer it) {
            return it.branch().toString();
        } else if (command instanceof Command.RowAnswer it) {
            return it.branch().toString();
        }
        return command instanceof Command.Forget it ? it.branch().toString() : "nobody";
    }
}
