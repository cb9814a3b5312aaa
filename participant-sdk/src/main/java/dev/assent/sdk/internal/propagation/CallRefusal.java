package dev.assent.sdk.internal.propagation;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;

/**
 * Why the interceptor of a service answers a call of a transaction in place of the service. The name of the constant is the
 * reason in the answer's google.rpc.ErrorInfo, of the same domain as the coordinator's: callers go by it, never by the text.
 */
enum CallRefusal {
    /** The headers that carry the transaction cannot be read. */
    HEADERS_MALFORMED(Code.INVALID_ARGUMENT),
    /** Nothing is left of the transaction's timeout. */
    TIMEOUT_PASSED(Code.DEADLINE_EXCEEDED),
    /** The same call arrived before; it must not run twice. */
    CALL_REPEATED(Code.ALREADY_EXISTS),
    /** The call ran, and the transaction can only roll back. */
    CANNOT_COMMIT(Code.ABORTED);

    private static final String DOMAIN = "assent.dev";

    private final Code code;

    CallRefusal(Code code) {
        this.code = code;
    }

    /** Ends the call. */
    void close(ServerCall<?, ?> call, String why) {
        ErrorInfo info =
                ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(name()).build();
        StatusRuntimeException refusal = StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(why)
                .addDetails(Any.pack(info))
                .build());
        call.close(refusal.getStatus(), Objects.requireNonNull(refusal.getTrailers()));
    }
}
