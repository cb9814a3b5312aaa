package dev.assent.coordinator.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Errors of admin calls as the contract wants them, and back. Stateless. */
final class AdminErrors {
    private static final String DOMAIN = "assent.dev";

    private AdminErrors() {}

    static StatusRuntimeException refused(String reason, String text) {
        return failure(Status.Code.FAILED_PRECONDITION, reason, text);
    }

    static StatusRuntimeException failure(Status.Code code, String reason, String text) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(text)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(reason)
                        .build()))
                .build());
    }

    /** The stable reason, or empty if the error carries none: then nobody answered, or no node did. */
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

    /** For people. */
    static String text(StatusRuntimeException error) {
        String description = error.getStatus().getDescription();
        return description == null ? error.getStatus().getCode().toString() : description;
    }
}
