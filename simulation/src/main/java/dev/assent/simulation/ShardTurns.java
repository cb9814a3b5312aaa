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
    private final Replica replica;
    private final Node node;
    private final World world;
    private final int shard;
    private final Packs packs;
    private final ArrayDeque<Object> inbox = new ArrayDeque<>();
    private final List<Effect> outbox = new ArrayList<>();
    private final Alarm alarm;
    private long stalledUntilNanos;
    private boolean isRaftLeader;
    private long stepDownAgainAtNanos = Long.MAX_VALUE;
    /** What was heard since the leadership was lost. */
    private boolean hasLost;

    private boolean hasHeardWords;
    private boolean isStopped;

    ShardTurns(Replica replica) {
        this.replica = replica;
        this.node = replica.node;
        this.world = node.world;
        this.shard = replica.group.shard;
        this.packs = new Packs(world.parameters.log());
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
        arrived(new LoopNews.Applied(entry, records));
    }

    void refused(long pack) {
        arrived(new LoopNews.Refused(pack));
    }

    void won() {
        arrived(new LoopNews.Won(false));
    }

    void wonAgain() {
        arrived(new LoopNews.Won(true));
    }

    void logFailed() {
        arrived(new LoopNews.LogFailed());
    }

    void lost() {
        arrived(new LoopNews.Lost());
    }

    private void arrived(Object item) {
        if (!isStopped) {
            inbox.add(item);
            wake();
        }
    }

    void wake() {
        alarm.set(Math.max(world.nowNanos + 20 * WorldParameters.MICRO, stalledUntilNanos));
    }

    private void turn() {
        for (int left = inbox.size(); left > 0; left--) {
            workOff(inbox.remove());
            if (isStopped) {
                return;
            }
        }
        if (replica.core.nextDeadlineNanos() <= node.clockNanos()) {
            feed(new Input.Tick());
        }
        submit();
        if (!node.isAlive) {
            return;
        }
        giveUpIfUncertain();
        deliver();
        if (node.isAlive) {
            long core = node.worldNanos(replica.core.nextDeadlineNanos());
            long own = Math.min(packs.nextDeadlineNanos(), stepDownAgainAtNanos);
            alarm.set(Math.max(Math.min(core, own), world.nowNanos + 1));
        }
    }

    private void submit() {
        for (Packs.Pack pack = packs.next(world.nowNanos); pack != null; pack = packs.next(world.nowNanos)) {
            if (packs.isOvertaken()) {
                world.marks.sometimes(Mark.PACK_OVERTAKEN);
            }
            if (stopsHere(pack.records())) {
                return;
            }
            replica.appends.append(pack.number(), pack.records());
            if (stopsHere(pack.records())) {
                world.marks.sometimes(Mark.LEADER_CRASHED_AFTER_APPEND);
                return;
            }
        }
    }

    private void giveUpIfUncertain() {
        if (packs.uncertainAtNanos() <= world.nowNanos) {
            world.marks.sometimes(Mark.LEADER_GAVE_UP_UNCERTAIN);
            leadershipEnded();
            stepDown();
        } else if (stepDownAgainAtNanos <= world.nowNanos) {
            world.marks.sometimes(Mark.STEP_DOWN_REPEATED);
            stepDown();
        }
    }

    private void stepDown() {
        replica.stepDown();
        stepDownAgainAtNanos = isRaftLeader ? world.nowNanos + WorldParameters.SECOND : Long.MAX_VALUE;
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
        } else if (item instanceof LoopNews.Applied applied) {
            if (applied.entry().loop == replica.loop) {
                packs.applied(applied.entry().pack);
            }
            applied.records().forEach(this::feed);
        } else if (item instanceof LoopNews.Refused refused) {
            packs.refused(refused.pack(), world.nowNanos);
        } else if (item instanceof LoopNews.Won won) {
            if (won.isAgain() && hasHeardWords) {
                world.marks.sometimes(Mark.WORDS_BETWEEN_LOST_AND_WON);
            }
            hasLost = false;
            isRaftLeader = true;
            stepDownAgainAtNanos = Long.MAX_VALUE;
            feed(new Input.LeadershipWon());
        } else if (item instanceof LoopNews.Lost) {
            hasLost = true;
            hasHeardWords = false;
            isRaftLeader = false;
            stepDownAgainAtNanos = Long.MAX_VALUE;
            leadershipEnded();
        } else if (item instanceof LoopNews.LogFailed) {
            stopForGood();
        }
    }

    /** Nothing that waits is submitted or answered, and nothing is taken any more. */
    private void stopForGood() {
        world.trace(node, () -> "the loop of shard " + shard + " ends");
        world.marks.sometimes(Mark.LOOP_ENDED);
        isStopped = true;
        inbox.clear();
        packs.clear();
        outbox.clear();
        node.announceLost(shard);
    }

    private void leadershipEnded() {
        packs.clear();
        outbox.removeIf(Effect.AnnounceReady.class::isInstance);
        node.announceLost(shard);
        feed(new Input.LeadershipLost());
        packs.clear();
    }

    private void feed(Input input) {
        boolean wasReady = replica.core.isReady();
        world.coverage.before(replica.core, input, node.clockNanos());
        List<Effect> effects = replica.core.on(input, node.clockNanos());
        world.coverage.after(effects);
        hasHeardWords |= hasLost && input instanceof Input.Noticed;
        if (wasReady && input instanceof Input.Applied && !replica.core.isReady()) {
            world.marks.sometimes(Mark.DEPOSED_BY_AN_ENTRY);
        }
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
                stepDown();
            }
        }
        outbox.clear();
    }
}
