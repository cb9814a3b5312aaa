package dev.assent.coordinator.shard;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.TransactionView;
import java.util.List;
import java.util.Optional;

/** What the loop needs of a {@link ShardCore}; called by the shard's thread only. */
public interface Core {
    /** Takes one input and says what must be done about it. */
    List<Effect> on(Input input, long nowNanos);

    /** When the core next wants a {@link Input.Tick}; {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNanos();

    /** What the core knows about one transaction, if it knows any of it. */
    Optional<TransactionView> view(Xid xid, long nowNanos);

    /** Transactions that are open or decided and not ended, oldest first, at most so many. */
    List<TransactionView> views(int limit, long nowNanos);

    /** How many such transactions there are. */
    int transactionCount();

    /** The production core. */
    static Core of(ShardCore core) {
        return new Core() {
            @Override
            public List<Effect> on(Input input, long nowNanos) {
                return core.on(input, nowNanos);
            }

            @Override
            public long nextDeadlineNanos() {
                return core.nextDeadlineNanos();
            }

            @Override
            public Optional<TransactionView> view(Xid xid, long nowNanos) {
                return core.view(xid, nowNanos);
            }

            @Override
            public List<TransactionView> views(int limit, long nowNanos) {
                return core.views(limit, nowNanos);
            }

            @Override
            public int transactionCount() {
                return core.transactionCount();
            }
        };
    }
}
