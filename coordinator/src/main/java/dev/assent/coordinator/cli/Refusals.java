package dev.assent.coordinator.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Reads what a node's error says. */
final class Refusals {
    private Refusals() {}

    /** The stable reason, or empty if the error carries none. */
    static String reason(StatusRuntimeException error) {
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
    static boolean isUnreachable(StatusRuntimeException error) {
        Status.Code code = error.getStatus().getCode();
        return reason(error).isEmpty() && (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED);
    }

    /** For people. */
    static String text(StatusRuntimeException error) {
        String description = error.getStatus().getDescription();
        return description == null ? error.getStatus().getCode().toString() : description;
    }
}
