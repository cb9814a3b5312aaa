package dev.assent.coordinator.session;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/**
 * Why a stream ends from this side.
 *
 * @param code gRPC's
 * @param reason stable, for programs; travels in google.rpc.ErrorInfo
 * @param text for people
 */
record StreamRefusal(Code code, String reason, String text) {
    private static final String DOMAIN = "assent.dev";
    private static final int MAX_TEXT_LENGTH = 500;

    static StreamRefusal invalid(String text) {
        return new StreamRefusal(Code.INVALID_ARGUMENT, "INVALID", text);
    }

    StatusRuntimeException exception() {
        ErrorInfo info =
                ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason).build();
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.value())
                .setMessage(cut(text))
                .addDetails(Any.pack(info))
                .build());
    }

    /** The longest text for people that the contract allows. */
    static String cut(String text) {
        return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH - 1) + "…";
    }
}
