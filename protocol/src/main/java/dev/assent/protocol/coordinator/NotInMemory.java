package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Surroundings.answer;
import static dev.assent.protocol.coordinator.Surroundings.refuse;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.RowVerdict;
import dev.assent.protocol.message.Command.Verdict;
import java.util.List;

/** The table of answers for transactions that no state machine holds: what the log and the leases say of them. */
final class NotInMemory {
    private NotInMemory() {}

    static Send enlist(Standing standing, InstanceId instance, Xid xid, BranchId branch) {
        Refusal refusal = switch (standing) {
            case LISTED, ENDED, FORGOTTEN -> Refusal.CLOSED;
            case EARLIER, OVER, UNOPENED -> Refusal.ABORTED;
            case NEVER_LEASED -> Refusal.INVALID;
        };
        return refuse(instance, xid, branch, refusal);
    }

    static List<Effect> vote(Standing standing, boolean isInDecision, InstanceId instance, Xid xid, BranchId branch) {
        return switch (standing) {
            case LISTED -> isInDecision ? List.of() : List.of(answer(instance, xid, branch, Verdict.ABORT));
            case ENDED -> List.of();
            case FORGOTTEN -> List.of(answer(instance, xid, branch, Verdict.EXPIRED));
            case EARLIER, OVER, UNOPENED -> List.of(answer(instance, xid, branch, Verdict.ABORT));
            case NEVER_LEASED -> List.of(answer(instance, xid, branch, Verdict.INVALID));
        };
    }

    /** A branch that asks about what has ended lost its commit: its database was restored, or failed over. */
    static Send ask(Standing standing, boolean isInDecision, InstanceId instance, Xid xid, BranchId branch) {
        Verdict verdict = switch (standing) {
            case LISTED -> isInDecision ? Verdict.COMMIT : Verdict.ABORT;
            case ENDED -> Verdict.COMMIT;
            case FORGOTTEN -> Verdict.EXPIRED;
            case EARLIER, OVER, UNOPENED -> Verdict.ABORT;
            case NEVER_LEASED -> Verdict.INVALID;
        };
        return answer(instance, xid, branch, verdict);
    }

    static Send row(Standing standing, InstanceId instance, Xid xid, BranchId branch) {
        RowVerdict verdict = switch (standing) {
            case LISTED -> RowVerdict.LISTED;
            case ENDED -> RowVerdict.ENDED;
            case FORGOTTEN -> RowVerdict.EXPIRED;
            case EARLIER, OVER, UNOPENED -> RowVerdict.ABORTED;
            // Nobody can have committed under it: a broken row is kept for people.
            case NEVER_LEASED -> RowVerdict.PENDING;
        };
        return new Send(instance, new Command.RowAnswer(xid, branch, verdict));
    }

    /** The answer to {@code Rollback()} and to the question for the outcome; to {@code Commit()} of all but UNOPENED. */
    static Answer outcome(Standing standing, Xid xid, Surroundings around) {
        return switch (standing) {
            case LISTED, ENDED -> around.committed(xid, List.of());
            case FORGOTTEN -> around.heuristicOr(xid, new Answer.OutcomeExpired());
            case EARLIER -> around.aborted(xid, AbortCause.of(AbortCause.Kind.LEADER_CHANGED));
            case OVER, UNOPENED -> around.aborted(xid, AbortCause.of(AbortCause.Kind.NOT_KNOWN));
            case NEVER_LEASED ->
                new Answer.Refused(
                        Answer.Reason.INVALID,
                        0,
                        "transaction " + xid + " was never begun: its number was never given out");
        };
    }
}
