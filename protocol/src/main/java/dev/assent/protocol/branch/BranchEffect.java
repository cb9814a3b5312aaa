package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.List;
import java.util.Optional;

/** What the branches of one process want done. Steps in the database are answered by a {@link BranchInput}. */
public sealed interface BranchEffect {

    // ---- messages ----

    /** Tell the leader of the shard; dropped if none is known or connected. */
    record Tell(int shard, Notice notice) implements BranchEffect {}

    // ---- the application ----

    /** Whoever waits for the enlistment goes on, or hears the refusal. */
    record EnlistmentSettled(BranchId branch, Optional<Command.Refusal> refusal) implements BranchEffect {}

    /**
     * From now on every use of the branch by the application fails with this text; a statement that runs is cancelled.
     *
     * @param state for people: what became of the branch, and why
     */
    record Closed(BranchId branch, String state) implements BranchEffect {}

    /** A branch cannot be resolved without an operator; said in logs, metrics and health until it is. */
    record StuckInDoubt(BranchRef branch, Command.Verdict verdict) implements BranchEffect {}

    // ---- steps in the database; each answered once or, if the process stops, never ----

    /**
     * If the branch wrote anything, or its process awaits its commit, insert its evidence row in its own transaction: a
     * branch without one votes READ_ONLY and never hears of the end. Answered {@code EvidenceWritten}, {@code
     * NothingWritten} or {@code PrepareFailed}.
     */
    record WriteEvidence(Xid xid, BranchId branch) implements BranchEffect {}

    /** Prepare durably. Answered {@code Prepared} or {@code PrepareFailed}. */
    record Prepare(Xid xid, BranchId branch) implements BranchEffect {}

    /**
     * Roll back the open, unprepared local transaction and give its connection back. Answered {@code RolledBack}; a lost
     * connection is that as well.
     */
    record RollBack(Xid xid, BranchId branch) implements BranchEffect {}

    /**
     * Commit the prepared branch, on its own connection if this process holds it. Answered {@code Committed},
     * {@code NothingFound} or {@code Busy}.
     */
    record CommitPrepared(BranchRef branch) implements BranchEffect {}

    /** Roll back the prepared branch. Answered {@code RolledBack}, {@code FoundCommitted} or {@code Busy}. */
    record RollBackPrepared(BranchRef branch) implements BranchEffect {}

    /** List what is prepared. Answered {@code PreparedListed}; an error is logged and the next listing comes in time. */
    record ListPrepared(ResourceName resource) implements BranchEffect {}

    /** List the oldest evidence rows. Answered {@code RowsListed}, likewise. */
    record ListRows(ResourceName resource) implements BranchEffect {}

    /** Delete these evidence rows, by full key. Not answered: what is left is listed again. */
    record RemoveRows(ResourceName resource, List<BranchRef> rows) implements BranchEffect {
        public RemoveRows {
            rows = List.copyOf(rows);
        }
    }
}
