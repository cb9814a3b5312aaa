package dev.assent.coordinator.api;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.assent.protocol.message.Answer;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;

/**
 * The one place that knows which gRPC status a refusal is. Every error is a google.rpc.Status with an ErrorInfo of the
 * domain {@value #DOMAIN}; programs go by its reason, never by the message.
 */
public final class RpcErrors {
    /** Domain of every reason. */
    public static final String DOMAIN = "assent.dev";

    private RpcErrors() {}

    /**
     * What a refusal is told as.
     *
     * @param leaderHint who leads the shard instead, if known; told with NOT_LEADER only
     */
    public static StatusRuntimeException refused(Answer.Refused refused, Optional<String> leaderHint) {
        return switch (refused.reason()) {
            case NOT_LEADER -> notLeader(refused.leaderTerm(), leaderHint);
            case FOREIGN, WRONG_SHARD, NOT_APPLICABLE -> error(Code.FAILED_PRECONDITION, refused);
            case INVALID -> error(Code.INVALID_ARGUMENT, refused);
            case STALE_BEGIN -> error(Code.ALREADY_EXISTS, refused);
            case TOO_MANY_TRANSACTIONS -> error(Code.RESOURCE_EXHAUSTED, refused);
        };
    }

    /** Another node may know better: ask it, or ask again. */
    public static StatusRuntimeException notLeader(long term, Optional<String> leaderHint) {
        Map<String, String> metadata = leaderHint
                .map(leader -> Map.of("term", Long.toString(term), "leader", leader))
                .orElseGet(() -> Map.of("term", Long.toString(term)));
        return error(Code.UNAVAILABLE, "NOT_LEADER", "this node does not lead the shard; ask another node", metadata);
    }

    /** The node serves no cluster yet. */
    static StatusRuntimeException notBorn() {
        return error(
                Code.UNAVAILABLE,
                "NOT_BORN",
                "this node serves no cluster yet: ./assent cluster init makes one",
                Map.of());
    }

    /** The request itself is at fault. */
    public static StatusRuntimeException invalid(String detail) {
        return error(Code.INVALID_ARGUMENT, "INVALID", detail, Map.of());
    }

    /** Too many calls wait for their answer. */
    public static StatusRuntimeException overloaded() {
        return error(
                Code.RESOURCE_EXHAUSTED, "OVERLOADED", "too many calls wait for an answer; try again later", Map.of());
    }

    /** Nothing is known about the transaction. */
    public static StatusRuntimeException notFound(String detail) {
        return error(Code.NOT_FOUND, "NOT_FOUND", detail, Map.of());
    }

    /** The coordinator is at fault. */
    static StatusRuntimeException internal(String detail) {
        return error(Code.INTERNAL, "INTERNAL", detail, Map.of());
    }

    /** Any other, of a stable reason. */
    public static StatusRuntimeException failure(io.grpc.Status.Code code, String reason, String detail) {
        return error(Code.forNumber(code.value()), reason, detail, Map.of());
    }

    private static StatusRuntimeException error(Code code, Answer.Refused refused) {
        String detail = refused.detail().isEmpty() ? refused.reason().name() : refused.detail();
        return error(code, refused.reason().name(), detail, Map.of());
    }

    private static StatusRuntimeException error(Code code, String reason, String detail, Map<String, String> metadata) {
        ErrorInfo info = ErrorInfo.newBuilder()
                .setDomain(DOMAIN)
                .setReason(reason)
                .putAllMetadata(metadata)
                .build();
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(detail)
                .addDetails(Any.pack(info))
                .build());
    }
}
