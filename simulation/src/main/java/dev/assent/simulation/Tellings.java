package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.message.Answer;
import dev.assent.simulation.Violation.Law;

/** What people are told about a transaction, held against what is true. */
final class Tellings {
    private Tellings() {}

    static void told(World world, TransactionFacts of, Answer answer, boolean isFinal) {
        of.isSettled |= isFinal;
        if (answer instanceof Answer.Committed committed) {
            committed(world, of, committed);
        } else if (answer instanceof Answer.Aborted aborted) {
            aborted(world, of, aborted);
        } else if (answer instanceof Answer.Mixed) {
            world.marks.sometimes(Mark.MIXED_TOLD);
            if (!of.isTouchedByHand) {
                throw new Violation(Law.HEURISTICS, of.xid + " is called MIXED, and nobody interfered");
            }
        } else if (answer instanceof Answer.Hazard) {
            world.marks.sometimes(Mark.HAZARD_TOLD);
            if (!of.isAbandoned) {
                throw new Violation(Law.HEURISTICS, of.xid + " is called HAZARD, and nobody gave a branch up");
            }
        } else if (answer instanceof Answer.OutcomeExpired) {
            world.marks.sometimes(Mark.OUTCOME_EXPIRED_TOLD);
            if (!of.isForgotten(world)) {
                throw new Violation(Law.AC4, of.xid + " is called forgotten, and is not");
            }
        } else {
            throw new Violation(Law.AC4, of.xid + " is answered for good with " + answer);
        }
    }

    private static void committed(World world, TransactionFacts of, Answer.Committed committed) {
        if (of.toldAborted != null && of.hasEffect()) {
            throw new Violation(Law.AC4, of.xid + " is called committed, and was called aborted before");
        }
        of.toldCommitted = committed;
        var decision = of.decision;
        if (decision == null) {
            world.marks.sometimes(Mark.COMMITTED_WITHOUT_YES);
            // Without a decision nothing may last; that nothing was lost either is asked at the end.
            if (of.hasEffect()) {
                throw new Violation(Law.AC4, of.xid + " is called committed, and no decision stands");
            }
            return;
        }
        world.marks.sometimes(Mark.COMMITTED);
        TransactionRun run = of.run();
        if (run != null && run.plan.isBegunByCall()) {
            world.marks.sometimes(Mark.COMMITTED_BY_CALL);
        }
        if (!committed.unacknowledged().isEmpty()) {
            world.marks.sometimes(Mark.COMMITTED_BEFORE_APPLIED);
        }
        if (of.isAbandoned) {
            return;
        }
        for (BranchId branch : decision.branches()) {
            LocalTransaction work = of.branch(branch);
            boolean isDone = work != null
                    && (work.state == LocalTransaction.State.COMMITTED || work.isByHand || work.isCommitLost);
            if (!isDone && !committed.unacknowledged().contains(branch)) {
                throw new Violation(Law.AC4, of.xid + " is called committed everywhere, and a branch is " + work);
            }
        }
    }

    private static void aborted(World world, TransactionFacts of, Answer.Aborted aborted) {
        if (of.decision != null) {
            throw new Violation(Law.AC4, of.xid + " is called aborted, and is decided COMMIT");
        }
        if (of.toldCommitted != null && of.hasEffect()) {
            throw new Violation(Law.AC4, of.xid + " is called aborted, and was called committed before");
        }
        of.toldAborted = aborted;
        world.marks.sometimes(Mark.ABORTED);
        switch (aborted.cause().kind()) {
            case TIMEOUT -> world.marks.sometimes(Mark.ABORTED_BY_TIMEOUT);
            case PREPARE_TIMEOUT -> world.marks.sometimes(Mark.ABORTED_BY_PREPARE_TIMEOUT);
            case VOTED_NO -> world.marks.sometimes(Mark.ABORTED_BY_VOTE);
            case INSTANCE_LOST -> world.marks.sometimes(Mark.ABORTED_BY_LOST_INSTANCE);
            case LEADER_CHANGED -> world.marks.sometimes(Mark.ABORTED_BY_LEADER_CHANGE);
            case CALL_UNACCOUNTED -> world.marks.sometimes(Mark.ABORTED_CALL_UNACCOUNTED);
            case ROLLED_BACK, CALL_FAILED, NOT_KNOWN, BRANCH_MISSING -> {
                // Common enough.
            }
        }
    }

    static void markRefusals(World world, Answer answer) {
        if (answer instanceof Answer.Pending) {
            world.marks.sometimes(Mark.OUTCOME_ASKED_PENDING);
        }
    }
}
