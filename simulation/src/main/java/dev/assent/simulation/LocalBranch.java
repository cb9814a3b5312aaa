package dev.assent.simulation;

import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A branch as the application of its process sees it. */
final class LocalBranch {
    final BranchRef ref;
    final LocalTransaction work;
    /** Its own connection is lost, given up or given back: it is of no use for a further step. */
    boolean isConnectionGone;

    private final List<Consumer<Optional<String>>> waiters = new ArrayList<>();
    private @Nullable String closed;
    private Optional<Command.Refusal> refused = Optional.empty();
    private boolean isSettled;

    LocalBranch(BranchRef ref, LocalTransaction work) {
        this.ref = ref;
        this.work = work;
    }

    boolean isClosed() {
        return closed != null;
    }

    void close(String state) {
        closed = state;
    }

    void settle(Optional<Command.Refusal> refusal) {
        if (!isSettled) {
            isSettled = true;
            refused = refusal;
            List<Consumer<Optional<String>>> told = List.copyOf(waiters);
            waiters.clear();
            told.forEach(waiter -> waiter.accept(complaint()));
        }
    }

    /** Calls back when the enlistment is answered, with the reason why the transaction cannot commit, if so. */
    void whenSettled(Consumer<Optional<String>> waiter) {
        if (isSettled) {
            waiter.accept(complaint());
        } else {
            waiters.add(waiter);
        }
    }

    private Optional<String> complaint() {
        if (closed != null) {
            return Optional.of(closed);
        }
        return refused.map(refusal -> "refused: " + refusal);
    }
}
