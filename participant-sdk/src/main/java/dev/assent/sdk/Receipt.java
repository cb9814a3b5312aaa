package dev.assent.sdk;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.sdk.annotation.AnswerWhen;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What work gave back, and which transaction it ran in.
 *
 * @param value what the work returned
 * @param transaction empty if the level of propagation let it run in none
 * @param isCommitted true once the whole transaction is committed; false for work that joined a surrounding transaction,
 *     which commits or aborts as a whole later, and for work that ran in none
 * @param pending branches that are decided to commit and have not confirmed it yet: with {@link AnswerWhen#DECIDED}, or
 *     when a participant was out of reach
 */
public record Receipt<T extends @Nullable Object>(
        T value, Optional<Xid> transaction, boolean isCommitted, List<BranchId> pending) {
    public Receipt {
        pending = List.copyOf(pending);
    }

    /**
     * The transaction.
     *
     * @throws IllegalStateException if the work ran in none
     */
    public Xid xid() {
        return transaction.orElseThrow(
                () -> new IllegalStateException("the work ran in no transaction; see Receipt.transaction()"));
    }
}
