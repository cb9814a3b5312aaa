package dev.assent.simulation;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Command;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One life of a process that embeds the SDK: it serves a resource and begins transactions. */
final class ServiceProcess extends Actor {
    final ServiceSlot slot;
    final InstanceId instance;
    final Sessions sessions;
    final BranchShell branches;
    final InitiatorShell initiators;
    final Calls calls;
    private final Set<Integer> readyOnce = new HashSet<>();
    private long deafUntilNanos;

    ServiceProcess(World world, ServiceSlot slot, int life, int place) {
        super(world, slot.name + (life == 0 ? "" : "." + (life + 1)), place);
        this.slot = slot;
        this.instance = instance(slot.index, life);
        if (world.faults.level(FaultKind.CLOCK) != FaultKind.Level.OFF) {
            setDrift(world.dice.between(Purpose.WORLD, luck, -3, 3));
        }
        this.sessions = new Sessions(this);
        this.branches = new BranchShell(this);
        this.initiators = new InitiatorShell(this);
        this.calls = new Calls(this);
    }

    static InstanceId instance(int slot, int life) {
        return new InstanceId(("p" + slot + "l" + life + "xxxxxxxxxxxx").substring(0, InstanceId.LENGTH));
    }

    List<ResourceName> resources() {
        return List.of(slot.database.resource);
    }

    void start() {
        sessions.start();
        branches.start();
    }

    /** It stops right here. Its database finds out that its connections are gone. */
    void crash() {
        if (!isAlive) {
            return;
        }
        isAlive = false;
        world.trace(this, () -> "stops");
        slot.database.clientDied(this);
        sessions.processDied();
    }

    /** It stops in good order: its connections are closed, and it takes its leave of every node. */
    void leave() {
        if (!isAlive) {
            return;
        }
        isAlive = false;
        world.trace(this, () -> "takes its leave");
        slot.database.clientDied(this);
        sessions.processLeft();
    }

    /** Stops if fate wants it between two steps where no fault point is. */
    boolean stopsHere(Luck of) {
        if (isAlive && world.faults.strikes(FaultKind.PROCESS_CRASH_AT_STEP, of)) {
            world.outside.crash(slot, this);
        }
        return !isAlive;
    }

    @Override
    void clockJumped() {
        branches.wake();
        initiators.wake();
    }

    /**
     * Takes a step as the strike on it wants.
     *
     * @param failed what comes of it if it throws
     */
    void take(Strike strike, Runnable step, Runnable failed) {
        switch (strike.fate()) {
            case GOES_ON -> step.run();
            case WAITS -> world.after(strike.nanos(), this, step);
            case FAILS -> failed.run();
            case COMES_TWICE -> {
                step.run();
                if (isAlive) {
                    step.run();
                }
            }
            case ENDED, IS_LOST -> {
                // Nothing comes of it.
            }
        }
    }

    // ---- what the cluster says ----

    /** One thread hears what all nodes say: while it stands still, everything else waits behind. */
    void hear(Runnable word) {
        if (deafUntilNanos > world.nowNanos) {
            world.at(deafUntilNanos, this, () -> hear(word));
        } else {
            word.run();
        }
    }

    /**
     * The thread that hears comes to a point.
     *
     * @return false if it threw, and the stream that it read breaks
     */
    boolean hears(FaultPoint point, @Nullable Xid xid, BooleanSupplier then) {
        Strike strike = world.points.at(this, point, xid);
        return switch (strike.fate()) {
            case GOES_ON -> then.getAsBoolean();
            case COMES_TWICE -> then.getAsBoolean() && isAlive && then.getAsBoolean();
            case WAITS -> {
                deafUntilNanos = world.nowNanos + strike.nanos();
                world.at(deafUntilNanos, this, () -> {
                    // What throws later loses this word alone.
                    boolean unused = then.getAsBoolean();
                });
                yield true;
            }
            case FAILS -> false;
            case ENDED, IS_LOST -> true;
        };
    }

    /**
     * A node tells a branch or the initiator something.
     *
     * @return false if it threw
     */
    boolean told(int shard, Command command) {
        world.trace(this, () -> "is told " + command);
        if (command instanceof Command.Lease lease) {
            initiators.leased(shard, lease);
            return true;
        }
        return branches.told(command);
    }

    /**
     * The leader of a shard is ready and reachable.
     *
     * @return false if it threw
     */
    boolean leaderReady(int shard, long term) {
        if (readyOnce.add(shard)) {
            return ready(shard, term);
        }
        return hears(FaultPoint.SESSION_LOST, null, () -> ready(shard, term));
    }

    private boolean ready(int shard, long term) {
        initiators.leaderReady(shard, term);
        branches.leaderReady(shard, term);
        return true;
    }
}
