package dev.assent.sdk.internal.session;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Set;

/**
 * Why a stream ended.
 *
 * @param reason stable
 * @param text for people
 */
record StreamEnd(String reason, String text) {
    static final String FOREIGN = "FOREIGN";
    static final String REPLACED = "REPLACED";

    private static final Set<String> FOR_GOOD =
            Set.of(FOREIGN, "UNSUPPORTED_VERSION", "INVALID", "UNAUTHENTICATED", "PERMISSION_DENIED", "UNIMPLEMENTED");

    /** Reads the reason that a node gave, or takes the transport's. */
    static StreamEnd of(Throwable broken) {
        Status status = Status.fromThrowable(broken);
        String text = status.getDescription() == null ? "" : status.getDescription();
        Throwable root = broken;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root != broken && root.getMessage() != null) {
            text = text.isEmpty() ? root.getMessage() : text + ": " + root.getMessage();
        }
        return new StreamEnd(reason(broken, status), text.isEmpty() ? "no reason given" : text);
    }

    static StreamEnd malformed(String problem) {
        return new StreamEnd("MALFORMED", "the node broke the contract: " + problem);
    }

    /** Whether asking the same node again at once is no cure, if it happened before its welcome. */
    boolean isForGood() {
        return FOR_GOOD.contains(reason);
    }

    @Override
    public String toString() {
        return reason + ": " + text;
    }

    private static String reason(Throwable broken, Status status) {
        com.google.rpc.Status details = StatusProto.fromThrowable(broken);
        if (details != null) {
            for (Any detail : details.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    try {
                        return detail.unpack(ErrorInfo.class).getReason();
                    } catch (InvalidProtocolBufferException unreadable) {
                        // What stands there in place of a reason is no reason; gRPC's code is one.
                        return status.getCode().name();
                    }
                }
            }
        }
        return status.getCode().name();
    }
}
