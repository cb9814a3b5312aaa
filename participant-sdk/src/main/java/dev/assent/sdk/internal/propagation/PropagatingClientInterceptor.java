package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.initiator.CallReport;
import dev.assent.sdk.internal.propagation.CallsMade.OutgoingCall;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors.CheckedForwardingClientCall;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the transaction of the calling thread over every call, with what is left of its timeout, and enters each call in
 * the account: one that fails, is cancelled, or is still open forbids the commit, whatever the application caught. A call
 * outside any transaction is left alone.
 */
public final class PropagatingClientInterceptor implements ClientInterceptor {
    private static final Logger log = LoggerFactory.getLogger(PropagatingClientInterceptor.class);

    private final LongAdder unreported = new LongAdder();

    /** Calls that came back without a report: their account is incomplete. */
    public long unreportedCount() {
        return unreported.sum();
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Optional<TransactionScope> current = TransactionScope.current();
        if (current.isEmpty()) {
            return next.newCall(method, options);
        }
        TransactionScope scope = current.get();
        Deadline deadline = Deadline.after(scope.remaining().toNanos(), TimeUnit.NANOSECONDS);
        Deadline own = options.getDeadline();
        CallOptions bounded = options.withDeadline(own == null ? deadline : deadline.minimum(own));
        return new CountedCall<>(next.newCall(method, bounded), scope, method.getFullMethodName());
    }

    private final class CountedCall<Q, A> extends CheckedForwardingClientCall<Q, A> {
        private final TransactionScope scope;
        private final String name;

        CountedCall(ClientCall<Q, A> delegate, TransactionScope scope, String name) {
            super(delegate);
            this.scope = scope;
            this.name = name;
        }

        @Override
        protected void checkedStart(Listener<A> listener, Metadata headers) throws StatusException {
            OutgoingCall call;
            try {
                call = scope.opened(name);
            } catch (IllegalStateException e) {
                throw Status.FAILED_PRECONDITION
                        .withDescription(e.getMessage())
                        .withCause(e)
                        .asException();
            }
            try {
                new Headers(
                                scope.xid(),
                                call.id(),
                                scope.remaining(),
                                call.within().isPresent())
                        .writeTo(headers);
                delegate().start(new CountedListener<>(listener, scope, call), headers);
            } catch (RuntimeException e) {
                scope.calls().failed(call, e.toString());
                throw e;
            }
        }
    }

    private final class CountedListener<A> extends SimpleForwardingClientCallListener<A> {
        private final TransactionScope scope;
        private final OutgoingCall call;

        CountedListener(ClientCall.Listener<A> delegate, TransactionScope scope, OutgoingCall call) {
            super(delegate);
            this.scope = scope;
            this.call = call;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            // Before the application hears of the end, which may ask for the commit at once.
            if (status.isOk()) {
                succeeded(trailers);
            } else if (call.within().isPresent() && trailers.containsKey(Headers.UNDONE)) {
                undone(status, trailers);
            } else {
                scope.calls().failed(call, text(status));
            }
            super.onClose(status, trailers);
        }

        private void succeeded(Metadata trailers) {
            String report = trailers.get(Headers.REPORT);
            if (report == null) {
                unreported.increment();
                log.debug("Call {} of {} came back without a report", call.name(), scope.xid());
                scope.calls().succeeded(call, Optional.empty());
                return;
            }
            try {
                scope.calls().succeeded(call, Optional.of(CallReport.parse(report)));
            } catch (IllegalArgumentException e) {
                scope.calls().failed(call, "its report cannot be read: " + e.getMessage());
            }
        }

        private void undone(Status status, Metadata trailers) {
            String report = trailers.get(Headers.REPORT);
            try {
                scope.calls().undone(call, CallReport.parse(report == null ? "" : report), text(status));
            } catch (IllegalArgumentException e) {
                scope.calls().failed(call, text(status) + "; its report cannot be read: " + e.getMessage());
            }
        }

        private static String text(Status status) {
            String description = status.getDescription();
            return description == null ? status.getCode().toString() : status.getCode() + ": " + description;
        }
    }
}
