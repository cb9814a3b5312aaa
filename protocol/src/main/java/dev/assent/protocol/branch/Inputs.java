package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.message.Command;
import org.jspecify.annotations.Nullable;

/** Which branch an input is about. */
final class Inputs {
    private Inputs() {}

    /** The branch that a command is about, or null if it is about none. */
    static @Nullable BranchRef branchOf(Command command) {
        if (command instanceof Command.EnlistAcknowledged it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.EnlistRefused it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.Prepare it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.CommitBranch it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.AbortBranch it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.BranchAnswer it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.RowAnswer it) {
            return new BranchRef(it.xid(), it.branch());
        } else if (command instanceof Command.Forget it) {
            return new BranchRef(it.xid(), it.branch());
        }
        return null;
    }

    /** Whether the coordinator waits for an answer, even from a process that does not know the branch. */
    static boolean isOrder(Command command) {
        return command instanceof Command.Prepare
                || command instanceof Command.CommitBranch
                || command instanceof Command.AbortBranch;
    }

    /** The branch that an input of the application or an answer to a step on a held branch is about, or null. */
    static @Nullable BranchId heldBranchOf(BranchInput input) {
        if (input instanceof BranchInput.CallEntered it) {
            return it.branch();
        } else if (input instanceof BranchInput.CallLeft it) {
            return it.branch();
        } else if (input instanceof BranchInput.LastCall it) {
            return it.branch();
        } else if (input instanceof BranchInput.Doomed it) {
            return it.branch();
        } else if (input instanceof BranchInput.EvidenceWritten it) {
            return it.branch();
        } else if (input instanceof BranchInput.NothingWritten it) {
            return it.branch();
        } else if (input instanceof BranchInput.Prepared it) {
            return it.branch();
        } else if (input instanceof BranchInput.PrepareFailed it) {
            return it.branch();
        }
        return null;
    }

    /** The branch that an answer to a step on a prepared branch, or to a rollback, is about, or null. */
    static @Nullable BranchRef resolvedBranchOf(BranchInput input) {
        if (input instanceof BranchInput.Committed it) {
            return it.branch();
        } else if (input instanceof BranchInput.NothingFound it) {
            return it.branch();
        } else if (input instanceof BranchInput.RolledBack it) {
            return it.branch();
        } else if (input instanceof BranchInput.FoundCommitted it) {
            return it.branch();
        } else if (input instanceof BranchInput.Busy it) {
            return it.branch();
        }
        return null;
    }
}
