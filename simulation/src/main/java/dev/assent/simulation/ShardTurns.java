package dev.assent.simulation;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The loop of a shard on one node: everything that has arrived is given to the core, then time if it is due, then one pack is
 * submitted, then words leave. The node may stop between any two of these.
 */
final class ShardTurns {
    /** An arrival that is no input of the core. */
    private sealed interface News {
        record Applied(LogEntry entry, List<Input.Applied> records) implements News {}

        record Refused(long pack) implements News {}

        record Won() implements News {}

        record Lost() implements News {}
    }

    private final Replica replica;
    private final Node node;
    private final World world;
    private final int shard;
    private final Packs packs;
    private final ArrayDeque<Object> inbox = new ArrayDeque<>();
    private final List<Effect> outbox = new ArrayList<>();
    private final Alarm alarm;
    private long stalledUntilNanos;

    ShardTurns(Replica replica) {
        this.replica = replica;
        this.node = replica.node;
        this.world = node.world;
        this.shard = replica.group.shard;
        this.packs = new Packs(world.parameters.uncertainNanos());
        this.alarm = new Alarm(node, this::turn);
    }

    void offer(Input input) {
        arrived(input);
    }

    void applied(LogEntry entry, List<Input.Applied> records) {
        if (world.faults.strikes(FaultKind.INBOX_LATE, node.luck)) {
            long late = world.dice.between(Purpose.AMOUNT, node.luck, 5, 1_500) * WorldParameters.MILLI;
            stalledUntilNanos = Math.max(stalledUntilNanos, world.nowNanos + late);
            if (replica.core.isReady()) {
                world.marks.sometimes(Mark.STATE_AHEAD_OF_INBOX);
            }
        }
        arrived(new News.Applied(entry, records));
    }

    void refused(long pack) {
        arrived(new News.Refused(pack));
    }

    void won() {
        arrived(new News.Won());
    }

    void lost() {
        arrived(new News.Lost());
    }

    private void arrived(Object item) {
        inbox.add(item);
        wake();
    }

    void wake() {
        alarm.set(Math.max(world.nowNanos + 20 * WorldParameters.MICRO, stalledUntilNanos));
    }

    private void turn() {
        for (int left = inbox.size(); left > 0; left--) {
            workOff(inbox.remove());
        }
        if (replica.core.nextDeadlineNanos() <= node.clockNanos()) {
            feed(new Input.Tick());
        }
        Packs.Pack pack = packs.next(world.nowNanos);
        if (pack != null) {
            if (stopsHere(pack.records())) {
                return;
            }
            replica.append(pack.number(), pack.records());
            if (stopsHere(pack.records())) {
                world.marks.sometimes(Mark.LEADER_CRASHED_AFTER_APPEND);
                return;
            }
        }
        if (packs.uncertainAtNanos() <= world.nowNanos) {
            world.marks.sometimes(Mark.LEADER_GAVE_UP_UNCERTAIN);
            leadershipEnded();
            replica.stepDown();
        }
        deliver();
        if (node.isAlive) {
            long core = node.worldNanos(replica.core.nextDeadlineNanos());
            alarm.set(Math.max(Math.min(core, packs.nextDeadlineNanos()), world.nowNanos + 1));
        }
    }

    private boolean stopsHere(List<LogRecord> records) {
        for (LogRecord record : records) {
            if (record instanceof LogRecord.CommitDecided decided
                    && stopsHere(world.judge.luckOf(decided.xid(), node.luck))) {
                return true;
            }
        }
        return false;
    }

    private boolean stopsHere(Luck luck) {
        if (world.faults.strikes(FaultKind.NODE_CRASH_AT_STEP, luck)) {
            world.outside.crash(node.slot);
        }
        return !node.isAlive;
    }

    private void workOff(Object item) {
        if (item instanceof Input input) {
            feed(input);
        } else if (item instanceof News.Applied applied) {
            if (applied.entry().loop == replica.loop) {
                packs.applied(applied.entry().pack);
            }
            applied.records().forEach(this::feed);
        } else if (item instanceof News.Refused refused) {
            packs.refused(refused.pack(), world.nowNanos);
        } else if (item instanceof News.Won) {
            feed(new Input.LeadershipWon());
        } else if (item instanceof News.Lost) {
            leadershipEnded();
        }
    }

    private void leadershipEnded() {
        packs.clear();
        outbox.removeIf(Effect.AnnounceReady.class::isInstance);
        node.announceLost(shard);
        feed(new Input.LeadershipLost());
        packs.clear();
    }

    private void feed(Input input) {
        world.coverage.before(replica.core, input, node.clockNanos());
        List<Effect> effects = replica.core.on(input, node.clockNanos());
        world.coverage.after(effects);
        if (world.isTraced() && !(input instanceof Input.SessionHeard) && !(input instanceof Input.Tick)) {
            boolean isNews = !(input instanceof Input.Applied) || replica.core.isReady();
            if (isNews) {
                world.trace(node, () -> "shard " + shard + " gets " + input);
            }
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Append append) {
                packs.add(append.record(), world.nowNanos);
            } else {
                outbox.add(effect);
            }
        }
    }

    private void deliver() {
        for (Effect effect : outbox) {
            if (effect instanceof Effect.Send send) {
                if (stopsHere(world.judge.luckOf(send.command(), node.luck))) {
                    return;
                }
                world.trace(node, () -> "  sends " + send.to() + " " + send.command());
                node.send(send.to(), shard, send.command());
            } else if (effect instanceof Effect.Reply reply) {
                if (stopsHere(node.luck)) {
                    return;
                }
                world.trace(node, () -> "  answers " + reply.request() + " " + reply.answer());
                world.judge.answered(reply.request(), reply.answer());
                node.reply(reply.request(), reply.answer());
            } else if (effect instanceof Effect.AnnounceReady ready) {
                world.trace(node, () -> "leads shard " + shard + " in term " + ready.term());
                if (!replica.state.decisions().isEmpty()) {
                    world.marks.sometimes(Mark.LEADER_CHANGED_AFTER_DECISION);
                }
                node.announceReady(shard, ready.term());
            } else if (effect instanceof Effect.StepDown) {
                packs.clear();
                node.announceLost(shard);
                replica.stepDown();
            }
        }
        outbox.clear();
    }
}
