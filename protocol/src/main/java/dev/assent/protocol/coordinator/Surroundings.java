package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.BranchAnswer;
import dev.assent.protocol.message.Command.EnlistRefused;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What a transaction's step sees of the world around it, and the answers that depend on it.
 *
 * @param term the term in which this core leads
 */
record Surroundings(ShardSettings settings, ReplicatedState state, Instances instances, long term, long nowNanos) {

    /** COMMITTED, or what a heuristic made of it. */
    Answer committed(Xid xid, List<BranchId> unacknowledged) {
        return heuristicOr(xid, new Answer.Committed(unacknowledged));
    }

    /** ABORTED, or what a heuristic made of it. */
    Answer aborted(Xid xid, AbortCause cause) {
        return heuristicOr(xid, new Answer.Aborted(cause));
    }

    /** MIXED or HAZARD while a heuristic is unresolved; nothing hides it. */
    Answer heuristicOr(Xid xid, Answer otherwise) {
        List<BranchId> differing = state.heuristics(xid).stream()
                .map(LogRecord.HeuristicFound::branch)
                .toList();
        if (!differing.isEmpty()) {
            return new Answer.Mixed(differing);
        }
        List<BranchId> abandoned = state.abandoned(xid);
        return abandoned.isEmpty() ? otherwise : new Answer.Hazard(abandoned);
    }

    /**
     * Tells a branch's owner, and another instance of its resource if the owner is dead or was told before in vain. Both
     * may carry the command out; every outcome of that race is an acknowledgement.
     *
     * @param earlierAttempts how often it was told before
     */
    List<Effect> tell(BranchId branch, Command command, int earlierAttempts) {
        List<Effect> sends = new ArrayList<>(2);
        InstanceId owner = branch.instance();
        boolean isOwnerLost = instances.isLost(owner);
        if (!isOwnerLost) {
            sends.add(new Send(owner, command));
        }
        if (isOwnerLost || earlierAttempts > 0) {
            instances
                    .another(branch.resource(), owner, earlierAttempts)
                    .ifPresent(other -> sends.add(new Send(other, command)));
        }
        return sends;
    }

    static Send refuse(InstanceId instance, Xid xid, BranchId branch, Refusal refusal) {
        return new Send(instance, new EnlistRefused(xid, branch, refusal));
    }

    static Send acknowledge(InstanceId instance, Xid xid, BranchId branch) {
        return new Send(instance, new Command.EnlistAcknowledged(xid, branch));
    }

    static Send answer(InstanceId instance, Xid xid, BranchId branch, Verdict verdict) {
        return new Send(instance, new BranchAnswer(xid, branch, verdict));
    }

    static Reply staleBegin(RequestId request, Xid xid) {
        return new Reply(
                request,
                new Answer.Refused(
                        Answer.Reason.STALE_BEGIN, 0, "transaction " + xid + " was begun before and is over"));
    }
}
