package dev.assent.coordinator;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.observe.ShardObserver;
import java.util.function.Consumer;

/**
 * What whoever runs a node may hang into it.
 *
 * @param faults breaks shards on purpose; without one, the system property of {@link
 *     dev.assent.coordinator.fault.PlannedFaults} is looked at
 * @param observer sees what the shards do
 * @param onFatal told, once and on a thread of its own, why the node had to stop serving: the process should end with an
 *     exit code that is not 0, and be started again
 */
public record NodeHooks(FaultSeam faults, ShardObserver observer, Consumer<String> onFatal) {
    /** Breaks nothing, observes nothing. */
    public static NodeHooks of(Consumer<String> onFatal) {
        return new NodeHooks(FaultSeam.NONE, ShardObserver.NONE, onFatal);
    }

    /** The same with faults. */
    public NodeHooks with(FaultSeam installed) {
        return new NodeHooks(installed, observer, onFatal);
    }

    /** The same with an observer. */
    public NodeHooks with(ShardObserver installed) {
        return new NodeHooks(faults, installed, onFatal);
    }
}
