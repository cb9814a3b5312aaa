package dev.assent.coordinator.api;

import dev.assent.proto.v1.BeginRequest;
import dev.assent.proto.v1.BranchCalls;
import dev.assent.proto.v1.CommitRequest;
import dev.assent.proto.v1.RollbackRequest;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads requests off the wire; each method throws {@link IllegalArgumentException}, which says what is wrong. */
final class Requests {
    private Requests() {}

    static Request begin(BeginRequest request) {
        long millis = Integer.toUnsignedLong(request.getTimeoutMillis());
        return new Request.Begin(Optional.empty(), TimeUnit.MILLISECONDS.toNanos(millis));
    }

    static Request commit(Xid xid, CommitRequest request) {
        AnswerMode mode = switch (request.getMode()) {
            case ANSWER_MODE_UNSPECIFIED, AFTER_APPLY -> AnswerMode.AFTER_APPLY;
            case AFTER_DECISION -> AnswerMode.AFTER_DECISION;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown answer mode " + request.getModeValue());
        };
        return new Request.Commit(xid, mode, request.hasSums() ? sums(request.getSums()) : CallSums.NONE_KEPT);
    }

    static Request rollback(Xid xid, RollbackRequest request) {
        return new Request.Rollback(xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK, request.getReason()));
    }

    private static CallSums sums(dev.assent.proto.v1.CallSums sums) {
        List<CallSums.BranchCalls> branches = new ArrayList<>(sums.getBranchesCount());
        for (BranchCalls branch : sums.getBranchesList()) {
            branches.add(new CallSums.BranchCalls(BranchId.parse(branch.getBranch()), branch.getCalls()));
        }
        return new CallSums(branches, sums.getComplete());
    }
}
