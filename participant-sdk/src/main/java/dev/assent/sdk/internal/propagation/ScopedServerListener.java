package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.Xid;
import io.grpc.ForwardingServerCallListener;
import io.grpc.ServerCall;

/**
 * Runs every part of a handler with the transaction in the log's context, and sees how it fails. The scope itself is in
 * gRPC's context, which the listener inside binds.
 */
final class ScopedServerListener<Q> extends ForwardingServerCallListener<Q> {
    private final ServerCall.Listener<Q> delegate;
    private final ScopedServerCall<Q, ?> call;
    private final Xid xid;

    ScopedServerListener(ServerCall.Listener<Q> delegate, ScopedServerCall<Q, ?> call, Xid xid) {
        this.delegate = delegate;
        this.call = call;
        this.xid = xid;
    }

    @Override
    protected ServerCall.Listener<Q> delegate() {
        return delegate;
    }

    @Override
    public void onMessage(Q message) {
        run(() -> delegate.onMessage(message));
    }

    @Override
    public void onHalfClose() {
        run(delegate::onHalfClose);
    }

    @Override
    public void onReady() {
        run(delegate::onReady);
    }

    @Override
    public void onCancel() {
        call.cancelled();
        run(delegate::onCancel);
    }

    @Override
    public void onComplete() {
        run(delegate::onComplete);
    }

    private void run(Runnable part) {
        try (TransactionLog.Entry entry = TransactionLog.enter(xid)) {
            part.run();
        } catch (RuntimeException | Error e) {
            if (!call.handlerFailed(e)) {
                throw e;
            }
        }
    }
}
