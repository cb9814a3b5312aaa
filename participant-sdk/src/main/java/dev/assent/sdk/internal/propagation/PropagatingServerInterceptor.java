package dev.assent.sdk.internal.propagation;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Runs a call that carries a transaction inside it: connections that its handler takes are branches, calls that it makes
 * carry the transaction on, and its answer waits for the coordinator to know of every branch. A call without a transaction
 * is left alone; one that arrives a second time is refused.
 */
public final class PropagatingServerInterceptor implements ServerInterceptor {
    private static final int REMEMBERED_CALLS = 65_536;

    private final Executor executor;
    private final SeenCalls seen = new SeenCalls(REMEMBERED_CALLS);

    /**
     * @param executor sends the answers that had to wait for a coordinator's word, which arrives on a thread that must not
     *     run anything long
     */
    public PropagatingServerInterceptor(Executor executor) {
        this.executor = executor;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        Optional<Headers> headers;
        try {
            headers = Headers.read(metadata);
        } catch (IllegalArgumentException e) {
            return refuse(call, CallRefusal.HEADERS_MALFORMED, String.valueOf(e.getMessage()));
        }
        if (headers.isEmpty()) {
            return next.startCall(call, metadata);
        }
        return inTransaction(headers.get(), call, metadata, next);
    }

    private <Q, A> ServerCall.Listener<Q> inTransaction(
            Headers headers, ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        if (headers.remaining().isZero()) {
            return refuse(
                    call, CallRefusal.TIMEOUT_PASSED, "the timeout of transaction " + headers.xid() + " has passed");
        }
        if (!seen.isFirst(headers.xid(), headers.call())) {
            return refuse(
                    call,
                    CallRefusal.CALL_REPEATED,
                    "call " + headers.call() + " of transaction " + headers.xid()
                            + " arrived before and does not run again");
        }
        TransactionScope scope = TransactionScope.ofCall(headers);
        ScopedServerCall<Q, A> scoped = new ScopedServerCall<>(call, scope, executor);
        Context context = scope.inContext();
        ServerCall.Listener<Q> listener;
        try (TransactionLog.Entry entry = TransactionLog.enter(scope.xid())) {
            listener = Contexts.interceptCall(context, scoped, metadata, next);
        } catch (RuntimeException | Error e) {
            if (!scoped.handlerFailed(e)) {
                throw e;
            }
            return new ServerCall.Listener<>() {};
        }
        return new ScopedServerListener<>(listener, scoped, scope.xid());
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, CallRefusal refusal, String why) {
        refusal.close(call, why);
        return new ServerCall.Listener<>() {};
    }
}
