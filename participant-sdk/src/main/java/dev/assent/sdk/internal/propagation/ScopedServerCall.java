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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An incoming call of a transaction. Its end is held back until the coordinator knows of every branch that the call used:
 * an answer that overtook the enlistment could lead to a commit that knows nothing of the branch. No thread waits for it.
 */
final class ScopedServerCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private static final Logger log = LoggerFactory.getLogger(ScopedServerCall.class);

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
        } else if (status.isOk()) {
            onceEnlisted(scope.close("the call has been answered"), false, complaint -> finish(complaint, trailers));
        } else if (scope.wholeCall().isPresent()) {
            onceEnlisted(
                    scope.closeFailed("the call has failed"),
                    true,
                    complaint -> finishFailed(complaint, status, trailers));
        } else {
            scope.leave(Optional.of(failure(status)));
            super.close(status, trailers);
        }
    }

    /**
     * @param isBlocking whether what follows may wait for a database
     */
    private void onceEnlisted(
            CompletableFuture<Optional<String>> enlisted, boolean isBlocking, Consumer<Optional<String>> then) {
        if (enlisted.isDone() && !isBlocking) {
            then.accept(enlisted.join());
            return;
        }
        long millis = Math.max(1, scope.remaining().toMillis());
        Optional<String> late = Optional.of("the coordinator did not acknowledge a branch in time");
        enlisted.completeOnTimeout(late, millis, TimeUnit.MILLISECONDS)
                .whenComplete((complaint, failure) -> release(complaint, then));
    }

    private void release(Optional<String> complaint, Consumer<Optional<String>> then) {
        try {
            executor.execute(() -> then.accept(complaint));
        } catch (RejectedExecutionException e) {
            then.accept(Optional.of("the process ends"));
        }
    }

    /** A call that was made inside an attempt: its caller may go on if nothing of it is left. */
    private void finishFailed(Optional<String> complaint, Status status, Metadata trailers) {
        Optional<String> obstacle = complaint.or(scope::undoCall);
        if (obstacle.isEmpty()) {
            trailers.put(Headers.UNDONE, Headers.YES);
            trailers.put(Headers.REPORT, scope.leaveUndone().encode());
        } else {
            scope.leave(Optional.of(failure(status) + "; it was not undone: " + obstacle.get()));
        }
        super.close(status, trailers);
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

    /**
     * The handler threw. The transport would close the call without asking anybody, and nothing could be confirmed then.
     *
     * @return whether the call is closed here, so that the transport need not hear of it
     */
    boolean handlerFailed(Throwable failure) {
        if (scope.wholeCall().isPresent() && !ending.get()) {
            log.warn("Call {} failed: {}", getMethodDescriptor().getFullMethodName(), failure.toString());
            log.debug("The failure", failure);
            // What the transport says itself.
            close(
                    Status.UNKNOWN
                            .withDescription("Application error processing RPC")
                            .withCause(failure),
                    new Metadata());
            return true;
        }
        ending.set(true);
        scope.leave(Optional.of("call " + getMethodDescriptor().getFullMethodName() + " failed: " + failure));
        return false;
    }

    private String failure(Status status) {
        String description = status.getDescription();
        return "call " + getMethodDescriptor().getFullMethodName() + " failed: " + status.getCode()
                + (description == null ? "" : ": " + description);
    }
}
