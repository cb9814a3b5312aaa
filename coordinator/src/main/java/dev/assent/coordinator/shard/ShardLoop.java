package dev.assent.coordinator.shard;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.replication.LogListener;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.ShardIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heart of a shard: one thread that owns one core. Requests, words of instances, applied records and news of the
 * leadership come through one queue, in order, and are worked off in turns; see {@link ShardTurn} for one of them and
 * {@link WakeUp} for how the thread sleeps between them.
 *
 * <p>An error out of the core is a broken invariant. The shard then gives the leadership up, answers nothing any more and
 * tells its node; a new leader elsewhere rebuilds everything from the log. The same happens when the log fails.
 *
 * <p>Offering is thread-safe, never blocks and never fails.
 */
public final class ShardLoop implements ShardDoor, LogListener, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShardLoop.class);

    private final ShardIdentity identity;
    private final Core core;
    private final LoopSettings settings;
    private final Clocks clocks;
    private final Queue<Item> inbox = new ConcurrentLinkedQueue<>();
    private final WakeUp wakeUp = new WakeUp();
    private volatile @Nullable Thread thread;
    private volatile long readyTerm;
    /** Set by the shard's thread: it takes items and drops them. */
    private volatile boolean isStoppedForGood;

    private volatile boolean isClosed;

    /** The loop of one shard, not started. */
    public ShardLoop(ShardIdentity identity, Core core, LoopSettings settings, Clocks clocks) {
        this.identity = identity;
        this.core = core;
        this.settings = settings;
        this.clocks = clocks;
    }

    /** Starts the thread, once. What was offered before is worked off first. */
    public void start(ShardWorld world) {
        ShardTurn turn = new ShardTurn(identity, core, world, settings, clocks);
        Thread started = new Thread(() -> run(turn, world.onStopped()), "assent-shard-" + identity.shard());
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public long readyTerm() {
        return isStopped() ? 0 : readyTerm;
    }

    /** Whether it has stopped for good, or was closed. */
    public boolean isStopped() {
        return isStoppedForGood || isClosed;
    }

    @Override
    public <T> CompletableFuture<T> query(ShardQuestion<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        offer(new Item.Asked<>(question, answer));
        return answer;
    }

    @Override
    public int shard() {
        return identity.shard();
    }

    @Override
    public void offer(List<Input> inputs, Runnable done) {
        offer(new Item.Arrived(inputs, done));
    }

    @Override
    public void leadershipWon() {
        offer(new Item.Won());
    }

    @Override
    public void leadershipLost() {
        offer(new Item.Lost());
    }

    @Override
    public void applied(long loop, long packNumber, List<Input.Applied> records) {
        offer(new Item.PackApplied(loop, packNumber, records));
    }

    @Override
    public void refused(long loop, long packNumber, String reason) {
        offer(new Item.PackRefused(loop, packNumber, reason));
    }

    @Override
    public void failed(String cause) {
        offer(new Item.LogFailed(cause));
    }

    /**
     * Ends the thread after its present turn and without a word to anybody; giving the leadership away first is the
     * caller's business. Waits for the thread for at most 5 s, unless it is the caller.
     */
    @Override
    public void close() {
        isClosed = true;
        wakeUp.schedule();
        Thread started = thread;
        if (started != null && started != Thread.currentThread()) {
            try {
                started.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        dropAll();
    }

    private void offer(Item item) {
        inbox.add(item);
        if (isClosed) {
            dropAll();
        } else {
            wakeUp.schedule();
        }
    }

    private void run(ShardTurn turn, Consumer<String> onStopped) {
        wakeUp.bindToCurrentThread();
        while (!isClosed) {
            wakeUp.await(untilDeadlineNanos(turn));
            if (!isClosed) {
                oneTurn(turn, onStopped);
                readyTerm = turn.readyTerm();
            }
            wakeUp.turnEnded();
            if (!inbox.isEmpty()) {
                wakeUp.schedule();
            }
        }
    }

    private long untilDeadlineNanos(ShardTurn turn) {
        long deadline = isStoppedForGood ? Long.MAX_VALUE : turn.nextDeadlineNanos();
        if (deadline == Long.MAX_VALUE || deadline == Long.MIN_VALUE) {
            return deadline;
        }
        return deadline - clocks.monotonicNanos().getAsLong();
    }

    private void oneTurn(ShardTurn turn, Consumer<String> onStopped) {
        List<Item> items = drain();
        if (isStoppedForGood) {
            drop(items);
            return;
        }
        try {
            turn.run(items);
        } catch (FaultSeam.SimulatedCrash crash) {
            isClosed = true;
            LOGGER.warn("shard {}: {}", identity.shard(), crash.getMessage());
        } catch (Throwable broken) {
            stopForGood(turn, broken);
            onStopped.accept(causeOf(broken));
            drop(items);
        }
    }

    private void stopForGood(ShardTurn turn, Throwable broken) {
        isStoppedForGood = true;
        LOGGER.error("{}; the shard stops for good", causeOf(broken), broken);
        try {
            turn.abandon();
        } catch (RuntimeException alsoBroken) {
            LOGGER.error("shard {} could not give its leadership up", identity.shard(), alsoBroken);
        }
    }

    private String causeOf(Throwable broken) {
        return broken instanceof ShardTurn.LogFailedException
                ? "the log of shard " + identity.shard() + " failed: " + broken.getMessage()
                : "an invariant of shard " + identity.shard() + " is broken: " + broken;
    }

    private List<Item> drain() {
        List<Item> items = new ArrayList<>();
        while (items.size() < settings.turnItems()) {
            Item item = inbox.poll();
            if (item == null) {
                break;
            }
            items.add(item);
        }
        return items;
    }

    private void dropAll() {
        List<Item> items = drain();
        while (!items.isEmpty()) {
            drop(items);
            items = drain();
        }
    }

    /** Nothing of it is answered; but whoever counts what it has on its way must not wait for ever. */
    private void drop(List<Item> items) {
        for (Item item : items) {
            if (item instanceof Item.Arrived arrived) {
                arrived.done().run();
            } else if (item instanceof Item.Asked<?> asked) {
                asked.answer().completeExceptionally(new ShardStoppedException(identity.shard()));
            }
        }
    }
}
