package dev.assent.sdk.internal.propagation;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An incoming call of a transaction. Its end is held back until the coordinator knows of every branch that the call used:
 * an answer that overtook the enlistment could lead to a commit that knows nothing of the branch. No thread waits for it.
 */
final class ScopedServerCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final TransactionScope scope;
    private final Executor executor;
    private final AtomicBoolean ending = new AtomicBoolean();

    ScopedServerCall(ServerCall<Q, A> delegate, TransactionScope scope, Executor executor) {
        super(delegate);
        this.scope = scope;
        this.executor = executor;
    }

    @Override
    public void close(Status status, Metadata trailers) {
        if (!ending.compareAndSet(false, true)) {
            // A second close is the handler's mistake; the transport says so.
            super.close(status, trailers);
        } else if (!status.isOk()) {
            scope.leave(Optional.of(failure(status)));
            super.close(status, trailers);
        } else {
            closeOnceEnlisted(trailers);
        }
    }

    private void closeOnceEnlisted(Metadata trailers) {
        CompletableFuture<Optional<String>> enlisted = scope.close("the call has been answered");
        if (enlisted.isDone()) {
            finish(enlisted.join(), trailers);
            return;
        }
        long millis = Math.max(1, scope.remaining().toMillis());
        Optional<String> late = Optional.of("the coordinator did not acknowledge a branch in time");
        enlisted.completeOnTimeout(late, millis, TimeUnit.MILLISECONDS)
                .whenComplete((complaint, failure) -> release(complaint, trailers));
    }

    private void release(Optional<String> complaint, Metadata trailers) {
        try {
            executor.execute(() -> finish(complaint, trailers));
        } catch (RejectedExecutionException e) {
            finish(Optional.of("the process ends"), trailers);
        }
    }

    private void finish(Optional<String> complaint, Metadata trailers) {
        if (complaint.isPresent()) {
            String why = "call " + getMethodDescriptor().getFullMethodName() + ": " + complaint.get();
            scope.leave(Optional.of(why));
            CallRefusal.CANNOT_COMMIT.close(delegate(), "Transaction " + scope.xid() + " cannot commit; " + why);
            return;
        }
        trailers.put(Headers.REPORT, scope.leave(Optional.empty()).encode());
        super.close(Status.OK, trailers);
    }

    /** The caller went away or its deadline passed: nobody will hear the answer. */
    void cancelled() {
        scope.leave(Optional.of(
                "call " + getMethodDescriptor().getFullMethodName() + " was cancelled or its deadline passed"));
    }

    /** The handler threw; the transport closes the call without asking anybody. */
    void handlerFailed(Throwable failure) {
        ending.set(true);
        scope.leave(Optional.of("call " + getMethodDescriptor().getFullMethodName() + " failed: " + failure));
    }

    private String failure(Status status) {
        String description = status.getDescription();
        return "call " + getMethodDescriptor().getFullMethodName() + " failed: " + status.getCode()
                + (description == null ? "" : ": " + description);
    }
}
