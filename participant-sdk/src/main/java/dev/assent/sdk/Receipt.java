package dev.assent.sdk;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction gave back.
 *
 * @param value what the work returned
 * @param xid the transaction
 * @param isCommitted true once the whole transaction is committed; false for work that joined a surrounding transaction,
 *     which commits or aborts as a whole later
 * @param pending branches that are decided to commit and have not confirmed it yet: with {@link
 *     TransactionOptions.AnswerWhen#DECIDED}, or when a participant was out of reach
 */
public record Receipt<T extends @Nullable Object>(T value, Xid xid, boolean isCommitted, List<BranchId> pending) {
    public Receipt {
        pending = List.copyOf(pending);
    }
}
