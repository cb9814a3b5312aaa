package dev.assent.protocol.coordinator;

import dev.assent.protocol.Xid;
import java.util.List;
import java.util.Optional;

/** Placeholder of this commit; see the next one. */
public final class ShardCore {
    private final ReplicatedState state;

    public ShardCore(ShardIdentity identity, ShardSettings settings, ReplicatedState state) {
        this.state = state;
    }

    public List<Effect> on(Input input, long nowNanos) {
        return List.of();
    }

    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    public Optional<TransactionView> view(Xid xid, long nowNanos) {
        return Optional.empty();
    }

    public List<TransactionView> views(int limit, long nowNanos) {
        return List.of();
    }

    public int transactionCount() {
        return state.decisions().size();
    }

    public boolean isReady() {
        return false;
    }

    public long term() {
        return 0;
    }
}
