package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import org.jspecify.annotations.Nullable;

/** Which transaction a message is about, or null if it is about none. */
final class Names {
    private Names() {}

    static @Nullable Xid xidOf(Command command) {
        if (command instanceof Command.EnlistAcknowledged it) {
            return it.xid();
        } else if (command instanceof Command.Prepare it) {
            return it.xid();
        } else if (command instanceof Command.CommitBranch it) {
            return it.xid();
        } else if (command instanceof Command.AbortBranch it) {
            return it.xid();
        } else if (command instanceof Command.Forget it) {
            return it.xid();
        } else if (command instanceof Command.EnlistRefused it) {
            return it.xid();
        } else if (command instanceof Command.BranchAnswer it) {
            return it.xid();
        }
        return command instanceof Command.RowAnswer it ? it.xid() : null;
    }

    static @Nullable Xid xidOf(Notice notice) {
        if (notice instanceof Notice.Enlist it) {
            return it.xid();
        } else if (notice instanceof Notice.Voted it) {
            return it.xid();
        } else if (notice instanceof Notice.Reported it) {
            return it.xid();
        } else if (notice instanceof Notice.Asked it) {
            return it.xid();
        }
        return notice instanceof Notice.RowShown it ? it.xid() : null;
    }

    static @Nullable Xid xidOf(Request request) {
        if (request instanceof Request.Commit it) {
            return it.xid();
        } else if (request instanceof Request.Rollback it) {
            return it.xid();
        } else if (request instanceof Request.OutcomeQuestion it) {
            return it.xid();
        } else if (request instanceof Request.Begin it) {
            return it.xid().orElse(null);
        } else if (request instanceof Request.Abandon it) {
            return it.xid();
        }
        return request instanceof Request.Settle it ? it.xid() : null;
    }
}
