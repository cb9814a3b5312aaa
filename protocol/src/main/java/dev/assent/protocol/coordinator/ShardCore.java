package dev.assent.protocol.coordinator;

import java.util.List;

/** Placeholder of this commit; see the next one. */
public final class ShardCore {
    private final ReplicatedState state;

    public ShardCore(ReplicatedState state) {
        this.state = state;
    }

    public List<Effect> on(Input input, long nowNanos) {
        return List.of();
    }

    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }
}
