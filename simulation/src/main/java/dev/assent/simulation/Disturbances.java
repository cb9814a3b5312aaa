package dev.assent.simulation;

import dev.assent.simulation.FaultKind.Level;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that strike at instants, not at occasions: each at a drawn time of the safety phase, at a drawn victim. */
final class Disturbances {
    private final World world;
    private final Outside outside;

    Disturbances(World world) {
        this.world = world;
        this.outside = world.outside;
    }

    /** Spreads them over the time until then. */
    void spread(long untilNanos) {
        for (FaultKind kind : FaultKind.values()) {
            Level level = world.faults.level(kind);
            if (!kind.isSpreadOverTime() || level == Level.OFF) {
                continue;
            }
            Luck luck = new Luck(5_000_000L + kind.number());
            long seconds = 2 + untilNanos / WorldParameters.SECOND;
            long count = level == Level.RARE
                    ? world.dice.between(Purpose.DISTURBANCE, luck, 1, 2)
                    : world.dice.between(Purpose.DISTURBANCE, luck, 2, 2 + seconds);
            for (int i = 0; i < count; i++) {
                long at = world.dice.between(Purpose.DISTURBANCE, luck, 300 * WorldParameters.MILLI, untilNanos);
                long bits = world.dice.bits(Purpose.FAULT, luck);
                Luck own = new Luck(6_000_000L + kind.number() * 1_000L + i);
                world.at(at, outside, () -> {
                    if (world.faults.strikes(kind, bits)) {
                        strike(kind, own);
                    }
                });
            }
        }
    }

    private void strike(FaultKind kind, Luck luck) {
        switch (kind) {
            case NODE_CRASH -> outside.crash(pick(world.nodes, luck));
            case LOG_FAILED -> {
                Node node = pick(world.nodes, luck).node();
                if (node != null) {
                    node.breakLog();
                }
            }
            case PROCESS_CRASH -> {
                ServiceSlot slot = pick(world.services, luck);
                ServiceProcess process = slot.process();
                if (process != null) {
                    outside.crash(slot, process);
                }
            }
            case PROCESS_STOPPED -> {
                ServiceSlot slot = pick(world.services, luck);
                ServiceProcess process = slot.process();
                if (process != null) {
                    outside.stop(slot, process);
                }
            }
            case XID_FORGED -> world.forger.lie(luck);
            case BLOCK_GUESSED -> world.forger.guessBlock(luck);
            case INSTANCE_MOVED -> move(luck);
            case PAUSE -> pause(luck);
            case CLOCK -> {
                Actor actor = anybody(luck);
                if (actor != null) {
                    long jump = millis(luck, 100, 10_000);
                    world.trace(actor, () -> "its clock jumps by " + Nanos.text(jump));
                    actor.jump(jump);
                }
            }
            case STREAM_BROKEN -> {
                ServiceProcess process = pick(world.services, luck).process();
                if (process != null) {
                    process.sessions.breakStream(world.dice.below(Purpose.DISTURBANCE, luck, world.nodes.size()));
                }
            }
            case PARTITION -> partition(luck, false);
            case ONE_WAY_PARTITION -> partition(luck, true);
            case LEADERSHIP_LOST -> {
                RaftGroup group = pick(world.groups, luck);
                Replica leader = group.leader();
                if (leader != null) {
                    leader.tire();
                    group.electSoon(0, 50);
                }
            }
            case LEADERSHIP_REGAINED -> {
                Replica leader = pick(world.groups, luck).leader();
                if (leader != null) {
                    leader.flap();
                }
            }
            case DATABASE_DOWN ->
                pick(world.databases, luck).restart(millis(luck, 5, 2_000) / WorldParameters.MILLI, luck);
            case COMMITS_LOST ->
                pick(world.databases, luck).failOver(millis(luck, 5, 2_000) / WorldParameters.MILLI, luck);
            default -> throw new AssertionError(kind + " is not spread over time");
        }
    }

    private void move(Luck luck) {
        ServiceSlot slot = pick(world.services, luck);
        ServiceProcess old = slot.process();
        if (old != null) {
            world.marks.sometimes(Mark.INSTANCE_MOVED);
            slot.start();
            boolean isOrderly = world.dice.chance(Purpose.DISTURBANCE, luck, 50);
            world.after(millis(luck, 100, 8_000), outside, isOrderly ? old::leave : old::crash);
        }
    }

    private void pause(Luck luck) {
        Actor actor = anybody(luck);
        // One pause does not prolong another: what waits for its end would lose its order.
        if (actor != null && actor.pausedUntilNanos <= world.nowNanos) {
            long pause = millis(luck, 50, 6_000);
            world.trace(actor, () -> "stands still for " + Nanos.text(pause));
            actor.pausedUntilNanos = world.nowNanos + pause;
            missLeaders();
        }
    }

    private void partition(Luck luck, boolean isOneWay) {
        BitSet some = new BitSet();
        BitSet others = new BitSet();
        boolean isHalves = world.dice.chance(Purpose.DISTURBANCE, luck, 50);
        Actor alone = anybody(luck);
        for (Actor actor : everybody()) {
            boolean isSome = isHalves ? world.dice.chance(Purpose.DISTURBANCE, luck, 40) : actor == alone;
            (isSome ? some : others).set(actor.place);
        }
        List<Network.Cut> cuts = new ArrayList<>();
        cuts.add(new Network.Cut(some, others));
        if (!isOneWay) {
            cuts.add(new Network.Cut(others, some));
        }
        cuts.forEach(world.network::cut);
        world.trace(
                outside, () -> "nothing passes from places " + some + " to " + others + (isOneWay ? "" : " or back"));
        missLeaders();
        world.after(millis(luck, 100, 8_000), outside, () -> {
            cuts.forEach(world.network::mend);
            missLeaders();
        });
    }

    private void missLeaders() {
        world.groups.forEach(group -> group.electSoon(150, 1_000));
    }

    private List<Actor> everybody() {
        List<Actor> all = new ArrayList<>();
        for (NodeSlot slot : world.nodes) {
            Node node = slot.node();
            if (node != null) {
                all.add(node);
            }
        }
        for (ServiceSlot slot : world.services) {
            slot.lives().stream().filter(life -> life.isAlive).forEach(all::add);
        }
        return all;
    }

    private @Nullable Actor anybody(Luck luck) {
        List<Actor> all = everybody();
        return all.isEmpty() ? null : pick(all, luck);
    }

    private <T> T pick(List<T> from, Luck luck) {
        return from.get(world.dice.below(Purpose.DISTURBANCE, luck, from.size()));
    }

    private long millis(Luck luck, long least, long most) {
        return WorldParameters.MILLI * world.dice.between(Purpose.DISTURBANCE, luck, least, most);
    }
}
