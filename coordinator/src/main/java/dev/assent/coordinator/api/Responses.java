package dev.assent.coordinator.api;

import dev.assent.proto.v1.BeginResponse;
import dev.assent.proto.v1.BranchView;
import dev.assent.proto.v1.Outcome;
import dev.assent.proto.v1.Result;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.coordinator.TransactionView;
import dev.assent.protocol.message.Answer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Writes what callers are told. */
final class Responses {
    private Responses() {}

    static BeginResponse begun(Answer answer) {
        if (answer instanceof Answer.Begun begun) {
            return BeginResponse.newBuilder()
                    .setXid(begun.xid().toString())
                    .setTimeoutMillis(millis(begun.timeoutNanos()))
                    .build();
        }
        throw unexpected(answer);
    }

    static Result result(Answer answer) {
        if (answer instanceof Answer.Committed committed) {
            return result(Outcome.COMMITTED, committed.unacknowledged());
        }
        if (answer instanceof Answer.Aborted aborted) {
            return Result.newBuilder()
                    .setOutcome(Outcome.ABORTED)
                    .setCause(cause(aborted.cause()))
                    .build();
        }
        if (answer instanceof Answer.Pending) {
            return result(Outcome.PENDING, List.of());
        }
        if (answer instanceof Answer.Mixed mixed) {
            return result(Outcome.MIXED, mixed.branches());
        }
        if (answer instanceof Answer.Hazard hazard) {
            return result(Outcome.HAZARD, hazard.branches());
        }
        if (answer instanceof Answer.OutcomeExpired) {
            return result(Outcome.EXPIRED, List.of());
        }
        throw unexpected(answer);
    }

    static dev.assent.proto.v1.TransactionView view(TransactionView view) {
        dev.assent.proto.v1.TransactionView.Builder told = dev.assent.proto.v1.TransactionView.newBuilder()
                .setXid(view.xid().toString())
                .setState(view.state())
                .setDecidedAtMillis(view.decidedAtMillis())
                .setRemainingMillis(millis(view.remainingNanos()));
        for (TransactionView.BranchView branch : view.branches()) {
            told.addBranches(BranchView.newBuilder()
                    .setBranch(branch.branch().toString())
                    .setState(branch.state()));
        }
        view.cause().ifPresent(cause -> told.setCause(cause(cause)));
        return told.build();
    }

    private static Result result(Outcome outcome, List<BranchId> branches) {
        Result.Builder result = Result.newBuilder().setOutcome(outcome);
        branches.forEach(branch -> result.addBranches(branch.toString()));
        return result.build();
    }

    private static dev.assent.proto.v1.AbortCause cause(AbortCause cause) {
        dev.assent.proto.v1.AbortCause.Builder told = dev.assent.proto.v1.AbortCause.newBuilder()
                .setKind(
                        dev.assent.proto.v1.AbortCause.Kind.valueOf(cause.kind().name()))
                .setDetail(cause.detail());
        cause.branch().ifPresent(branch -> told.setBranch(branch.toString()));
        return told.build();
    }

    private static int millis(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    private static IllegalStateException unexpected(Answer answer) {
        return new IllegalStateException("no caller asks for this answer: " + answer);
    }
}
