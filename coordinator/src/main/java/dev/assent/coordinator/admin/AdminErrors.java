package dev.assent.coordinator.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.assent.coordinator.api.RpcErrors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Errors of admin calls as the contract wants them, and back. Stateless. */
public final class AdminErrors {
    private AdminErrors() {}

    static StatusRuntimeException refused(String reason, String text) {
        return failure(Status.Code.FAILED_PRECONDITION, reason, text);
    }

    static StatusRuntimeException failure(Status.Code code, String reason, String text) {
        return RpcErrors.failure(code, reason, text);
    }

    /** The stable reason, or empty if the error carries none: then nobody answered, or no node did. */
    public static String reason(StatusRuntimeException error) {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status == null) {
            return "";
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class).getReason();
                } catch (InvalidProtocolBufferException e) {
                    return "";
                }
            }
        }
        return "";
    }

    /** Nobody answered: the node is away, or too busy to answer in time. */
    public static boolean isUnreachable(StatusRuntimeException error) {
        Status.Code code = error.getStatus().getCode();
        return reason(error).isEmpty() && (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED);
    }

    /** For people. */
    public static String text(StatusRuntimeException error) {
        String description = error.getStatus().getDescription();
        return description == null ? error.getStatus().getCode().toString() : description;
    }
}
