package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.ResourceName;
import dev.assent.protocol.message.Command;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.branch.LocalBranch;
import dev.assent.sdk.internal.jdbc.Attempted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The branches in which one scope works. Safe for use by several threads. */
final class UsedBranches {
    // Guarded by this.
    private final Map<Place, LocalBranch> used = new LinkedHashMap<>();

    /** Two services in one process may use resources of the same name, in one scope. */
    record Place(BranchShell shell, ResourceName resource) {}

    synchronized Optional<LocalBranch> at(Place place) {
        return Optional.ofNullable(used.get(place));
    }

    synchronized void add(Place place, LocalBranch branch) {
        used.put(place, branch);
    }

    synchronized List<LocalBranch> all() {
        return List.copyOf(used.values());
    }

    synchronized boolean isEmpty() {
        return used.isEmpty();
    }

    /** Undoes an attempt in all of them, as far as it goes; why something is left, if so. Blocks for the databases. */
    Optional<String> undo(Attempted attempt) {
        Optional<String> obstacle = Optional.empty();
        for (LocalBranch branch : all()) {
            Optional<String> mine = branch.undo(attempt);
            obstacle = obstacle.or(() -> mine);
        }
        return obstacle;
    }

    /** Completed when every enlistment is answered: with the reason why the transaction cannot commit, or with empty. */
    CompletableFuture<Optional<String>> enlisted() {
        CompletableFuture<Optional<String>> settled = CompletableFuture.completedFuture(Optional.empty());
        for (LocalBranch branch : all()) {
            settled = settled.thenCombine(
                    branch.enlistment(), (found, refusal) -> found.or(() -> complaint(branch, refusal)));
        }
        return settled;
    }

    private static Optional<String> complaint(LocalBranch branch, Optional<Command.Refusal> refusal) {
        return branch.closed()
                .map(state -> "branch " + branch.id() + ": " + state)
                .or(() -> refusal.map(reason -> "branch " + branch.id() + " was refused: " + reason));
    }
}
