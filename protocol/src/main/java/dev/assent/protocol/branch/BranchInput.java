package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Command;
import java.util.List;

/** What reaches the branches of one process. */
public sealed interface BranchInput {

    // ---- the application ----

    /**
     * The application first touched a resource under a transaction: a connection is taken and a local transaction open.
     *
     * @param branch a new id of this process
     * @param timeoutNanos what is left of the transaction's timeout
     */
    record Opened(Xid xid, BranchId branch, long timeoutNanos) implements BranchInput {}

    /** A call of the transaction uses the branch for the first time in that call: counted, and open until it leaves. */
    record CallEntered(BranchId branch) implements BranchInput {}

    /** That call has ended, whichever way. */
    record CallLeft(BranchId branch) implements BranchInput {}

    /**
     * The application promises that no call will use the branch any more, beside those that are open in it. When they have
     * left it prepares and votes, without being asked.
     */
    record LastCall(BranchId branch) implements BranchInput {}

    /** The branch can no longer commit: work of it was undone or a call in it failed. The first reason is kept. */
    record Doomed(BranchId branch, String reason) implements BranchInput {}

    // ---- the coordinator ----

    /** A command arrived; those that concern no branch are ignored. */
    record Told(Command command) implements BranchInput {}

    /** A leader of the shard is ready in this term and reachable; also given when a session to it is opened again. */
    record LeaderReady(int shard, long term) implements BranchInput {}

    // ---- the database's answers to effects ----

    /** The branch had written something, or its commit is awaited, and the evidence row is inserted in its own transaction. */
    record EvidenceWritten(BranchId branch) implements BranchInput {}

    /** The branch had written nothing and holds nothing that must outlive it; no row was inserted. */
    record NothingWritten(BranchId branch) implements BranchInput {}

    /** The branch is prepared and survives any crash of process and database. */
    record Prepared(BranchId branch) implements BranchInput {}

    /**
     * Evidence or prepare failed. What the database may have prepared all the same is found by recovery.
     *
     * @param reason statement and error, for people
     */
    record PrepareFailed(BranchId branch, String reason) implements BranchInput {}

    /** The branch is committed, now or earlier (its evidence row is visible), durably. */
    record Committed(BranchRef branch) implements BranchInput {}

    /** Told to commit: the database neither lists it as prepared nor, read afterwards, shows its evidence row. */
    record NothingFound(BranchRef branch) implements BranchInput {}

    /** Nothing of the branch is left: rolled back, now or earlier. */
    record RolledBack(BranchRef branch) implements BranchInput {}

    /** Told to roll back a prepared branch: its evidence row shows that it is committed. */
    record FoundCommitted(BranchRef branch) implements BranchInput {}

    /**
     * The step could not be done now and is to be tried again: connection lost, branch busy in another session.
     *
     * @param error for people; shown with the branch
     */
    record Busy(BranchRef branch, String error) implements BranchInput {}

    /** What the database holds prepared under this cluster's life and this resource. */
    record PreparedListed(ResourceName resource, List<BranchRef> prepared) implements BranchInput {
        public PreparedListed {
            prepared = List.copyOf(prepared);
        }
    }

    /** The oldest evidence rows of the resource under this cluster's life, a bounded number. */
    record RowsListed(ResourceName resource, List<BranchRef> committed) implements BranchInput {
        public RowsListed {
            committed = List.copyOf(committed);
        }
    }

    // ---- time ----

    /** Time passed; given when {@code BranchCore.nextDeadlineNanos()} is reached. */
    record Tick() implements BranchInput {}
}
