package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.List;

/** What a ready leader does when a record has been applied: the only moment at which a decision takes effect. */
final class AppliedRecords {
    private AppliedRecords() {}

    static void on(Input.Applied applied, Leader leader, Surroundings around, List<Effect> out) {
        LogRecord record = applied.record();
        if (record instanceof LogRecord.CommitDecided decided) {
            boolean isDeciding = leader.transactions()
                    .get(decided.xid())
                    .filter(Transaction.Deciding.class::isInstance)
                    .isPresent();
            if (isDeciding) {
                leader.deliver(decided.xid(), new TransactionInput.DecisionStood(), around, out);
            }
        } else if (record instanceof LogRecord.Ended ended) {
            ended(ended.xid(), applied.stood(), leader, around, out);
        } else if (record instanceof LogRecord.HeuristicFound found) {
            leader.heuristicApplied(found);
            boolean isRecorded = around.state().heuristics(found.xid()).stream()
                    .anyMatch(known -> known.branch().equals(found.branch()));
            if (isRecorded) {
                closeBranch(found.xid(), found.branch(), leader, around, out);
            }
        } else if (record instanceof LogRecord.Abandoned gaveUp) {
            if (applied.stood()) {
                leader.deliverIfHeld(gaveUp.xid(), new TransactionInput.BranchAbandoned(gaveUp.branch()), around, out);
            }
            answerOperator(applied, leader, out);
        } else if (record instanceof LogRecord.Settled settled) {
            if (applied.stood()) {
                closeBranch(settled.xid(), settled.branch(), leader, around, out);
                if (around.state().decision(settled.xid()).isEmpty()) {
                    // Committed by hand, and closed: its row, shown again, would be found as a heuristic for ever.
                    out.addAll(around.tell(settled.branch(), new Command.Forget(settled.xid(), settled.branch()), 0));
                }
            }
            answerOperator(applied, leader, out);
        } else if (record instanceof LogRecord.Forgotten forgotten) {
            leader.forgotten(forgotten.block());
        }
    }

    private static void ended(Xid xid, boolean stood, Leader leader, Surroundings around, List<Effect> out) {
        leader.ended(xid, around.nowNanos());
        // Not bound to a term: an earlier leader's may come while this one still collects acknowledgements.
        boolean isOver = leader.transactions()
                .get(xid)
                .filter(tx -> tx instanceof Transaction.Ending || (stood && tx instanceof Transaction.Committing))
                .isPresent();
        if (isOver) {
            leader.deliver(xid, new TransactionInput.EndStood(), around, out);
        }
    }

    /** A heuristic of a transaction that is long over closes nothing in memory. */
    private static void closeBranch(Xid xid, BranchId branch, Leader leader, Surroundings around, List<Effect> out) {
        leader.deliverIfHeld(xid, new TransactionInput.BranchClosed(branch), around, out);
    }

    private static void answerOperator(Input.Applied applied, Leader leader, List<Effect> out) {
        Answer answer = applied.stood()
                ? new Answer.Done()
                : new Answer.Refused(Answer.Reason.NOT_APPLICABLE, 0, "the branch's state has changed meanwhile");
        leader.operatorsOf(applied.record()).forEach(request -> out.add(new Reply(request, answer)));
    }
}
