package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.replication.ChangeRefusedException;
import dev.assent.coordinator.replication.ChangeRefusedException.Reason;
import dev.assent.proto.v1.ChangeMembersRequest;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of members and leaders: reads what is asked, hands it over, and says what came of it. Waits for nothing. */
final class MembershipCalls {
    private static final Logger LOG = LoggerFactory.getLogger(MembershipCalls.class);

    private final NodeControl control;

    MembershipCalls(NodeControl control) {
        this.control = control;
    }

    /** @return whether anything was changed; fails with a {@link StatusRuntimeException} */
    CompletableFuture<Boolean> change(ChangeMembersRequest request) {
        int shard = shard(request.getShard());
        return switch (request.getChangeCase()) {
            case ADD -> {
                Member added = valid(() -> AdminCodec.read(request.getAdd()));
                LOG.info("Asked to add {} to shard {}", added, shard);
                yield outcome(control.addMember(shard, added));
            }
            case REMOVE -> {
                NodeId removed = valid(() -> new NodeId(request.getRemove()));
                LOG.info("Asked to remove {} from shard {}", removed, shard);
                yield outcome(control.removeMember(shard, removed));
            }
            case CHANGE_NOT_SET -> throw invalid("no change is named");
        };
    }

    /** @return whether anything was changed; fails with a {@link StatusRuntimeException} */
    CompletableFuture<Boolean> transfer(int askedShard, String askedNode) {
        int shard = shard(askedShard);
        NodeId to = valid(() -> new NodeId(askedNode));
        LOG.info("Asked to hand the leadership of shard {} to {}", shard, to);
        return outcome(control.transferLeadership(shard, to));
    }

    private int shard(int asked) {
        if (control.identity().isEmpty()) {
            throw AdminErrors.refused("NOT_BORN", "the node is not part of a cluster yet");
        }
        int shards = control.identity().get().plan().shards();
        if (asked < 0 || asked >= shards) {
            throw invalid("shard must be 0 to " + (shards - 1) + ", not " + Integer.toUnsignedString(asked));
        }
        return asked;
    }

    private static CompletableFuture<Boolean> outcome(CompletableFuture<Boolean> change) {
        return change.exceptionallyCompose(failure -> CompletableFuture.failedFuture(error(failure)));
    }

    private static Throwable error(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ChangeRefusedException refused
                ? AdminErrors.failure(
                        code(refused.reason()), refused.reason().name(), String.valueOf(refused.getMessage()))
                : cause;
    }

    private static Status.Code code(Reason reason) {
        return switch (reason) {
            case NOT_LEADER, CHANGE_UNDER_WAY -> Status.Code.UNAVAILABLE;
            case NOT_DONE -> Status.Code.DEADLINE_EXCEEDED;
            case ID_SPENT, CLASH, NOT_A_MEMBER, LEADS, QUORUM_AT_RISK -> Status.Code.FAILED_PRECONDITION;
        };
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T valid(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static StatusRuntimeException invalid(String problem) {
        return AdminErrors.failure(Status.Code.INVALID_ARGUMENT, "INVALID", problem);
    }
}
