package dev.assent.testkit;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One planned crash of a cluster in this JVM: whichever node reaches the point first dies there. Thread-safe. */
final class CrashPlan {
    private record Plan(FaultPoint point, CompletableFuture<Integer> victim) {}

    private final AtomicReference<@Nullable Plan> next = new AtomicReference<>();
    private final IntConsumer killer;

    /** @param killer ends a node as the death of its process would; called on a thread of its own */
    CrashPlan(IntConsumer killer) {
        this.killer = killer;
    }

    /** Plans the next crash; completed with the node once it is dead. */
    CompletableFuture<Integer> crashAt(FaultPoint point) {
        Plan plan = new Plan(point, new CompletableFuture<>());
        next.set(plan);
        return plan.victim();
    }

    /** What is hung into a node. */
    FaultSeam seamOf(int node) {
        return new FaultSeam() {
            @Override
            public void hit(FaultPoint point, @Nullable Xid xid) {
                Plan plan = next.get();
                if (plan != null && plan.point() == point && next.compareAndSet(plan, null)) {
                    Thread death = new Thread(
                            () -> {
                                killer.accept(node);
                                plan.victim().complete(node);
                            },
                            "death-of-node-" + node);
                    death.start();
                    throw new SimulatedCrash(point);
                }
            }
        };
    }
}
