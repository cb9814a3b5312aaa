package dev.assent.sdk.internal.shell;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a core its inputs one after another and carries out its effects in their order, on whatever thread comes first.
 *
 * <p>Giving never waits: an input that arrives while another thread is at work is left to that thread. So neither an
 * application's thread nor an event loop ever stands in front of the core, and an input that an effect causes at once is
 * taken after all effects of the input before it. The price is that effects must not block, since every other input waits
 * behind them: database steps go to {@link SerialSteps}, futures are completed with nothing attached that runs long.
 *
 * <p>Safe for use by several threads.
 */
public final class CoreDriver<I, E> {
    private static final Logger log = LoggerFactory.getLogger(CoreDriver.class);

    private final String name;
    private final Core<I, E> core;
    private final I tick;
    private final Consumer<E> effects;
    private final MonotonicClock clock;
    private final ScheduledExecutorService timer;

    private final Queue<I> inputs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Throwable broken;

    // Touched only by the thread that drains; the hand-over through `waiting` makes it visible to the next one.
    private long armedNanos = Long.MIN_VALUE;
    private @Nullable ScheduledFuture<?> armed;

    /**
     * @param name for logs
     * @param tick the input that says that time passed
     * @param effects carries an effect out; must not block
     */
    public CoreDriver(String name, Core<I, E> core, I tick, Consumer<E> effects, Clocks clocks) {
        this.name = name;
        this.core = core;
        this.tick = tick;
        this.effects = effects;
        this.clock = clocks.clock();
        this.timer = clocks.timer();
    }

    /**
     * The time and what wakes up by it.
     *
     * @param timer one thread is enough: it only gives ticks
     */
    public record Clocks(MonotonicClock clock, ScheduledExecutorService timer) {}

    /**
     * Gives an input. Its effects have been carried out on return, or will be by the thread that is at work.
     *
     * @throws IllegalStateException if the core has stopped for good at a broken invariant
     */
    public void give(I input) {
        Throwable stopped = broken;
        if (stopped != null) {
            throw new IllegalStateException(name + " has stopped at a broken invariant", stopped);
        }
        inputs.add(input);
        if (waiting.getAndIncrement() == 0) {
            drain();
        }
    }

    /** Sees to the core's first deadline, which nothing but time would bring otherwise. */
    public void start() {
        give(tick);
    }

    private void drain() {
        int taken = 1;
        do {
            for (int i = 0; i < taken; i++) {
                take(inputs.remove());
            }
            arm();
            taken = waiting.addAndGet(-taken);
        } while (taken > 0);
    }

    private void take(I input) {
        if (broken != null) {
            return;
        }
        try {
            for (E effect : core.on(input, clock.nowNanos())) {
                carryOut(effect);
            }
        } catch (RuntimeException | AssertionError e) {
            // The core may be half way through a step: what it would say from now on is not to be trusted.
            broken = e;
            log.error("{} stops for good: a broken invariant at {}", name, input, e);
        }
    }

    private void carryOut(E effect) {
        try {
            effects.accept(effect);
        } catch (RuntimeException e) {
            // Any effect may be lost; the core repeats what matters. Stopping here would lose the effects after it,
            // too.
            log.warn("{} lost an effect: {}: {}", name, effect, e.toString());
        }
    }

    private void arm() {
        long next = broken == null ? core.nextDeadlineNanos() : Long.MAX_VALUE;
        long now = clock.nowNanos();
        // A tick whose time has come may be the one that runs here, which will not come again: only one that is still
        // ahead spares the next. Else ticks would end whenever nothing but them arrives.
        boolean isAhead = armedNanos > now;
        if (next == Long.MAX_VALUE || (isAhead && armedNanos <= next)) {
            return;
        }
        ScheduledFuture<?> current = armed;
        if (current != null) {
            current.cancel(false);
        }
        armedNanos = next;
        try {
            armed = timer.schedule(this::tick, Math.max(0, next - now), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("{} gets no more ticks: its timer has ended", name);
        }
    }

    private void tick() {
        if (broken == null) {
            give(tick);
        }
    }
}
