package dev.assent.simulation;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.simulation.Strike.Fate;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The loop of a shard on one node: everything that has arrived is given to the core, then time if it is due, then one pack is
 * submitted, then words leave. At every fault point the node may stop, its thread may stand still or the shard break down.
 */
final class ShardTurns {
    private final Replica replica;
    private final Node node;
    private final World world;
    private final int shard;
    private final Packs packs;
    private final ArrayDeque<Object> inbox = new ArrayDeque<>();
    private final Alarm alarm;

    private final LoopThread thread;
    private final Submissions submissions;
    private final Words words;

    // What the present turn has still to do; its thread may stand still between any two steps.
    private final ArrayDeque<Object> arrivals = new ArrayDeque<>();
    private final ArrayDeque<Heard> applied = new ArrayDeque<>();
    private Stage stage = Stage.NONE;

    private record Heard(Input.Applied record, boolean isOwn) {}

    /** The order within a turn. */
    private enum Stage {
        NONE,
        ARRIVALS,
        TIME,
        PACKS,
        GIVING_UP,
        WORDS
    }

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
        this.thread = new LoopThread(node, this::breaksDown);
        this.submissions = new Submissions(replica, packs, thread);
        this.words = new Words(replica, thread, this::givesUp);
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

    // ---- the turn ----

    /** Goes on where it stood, or begins with what has arrived by now. */
    private void turn() {
        if (isStopped) {
            return;
        }
        if (stage == Stage.NONE) {
            arrivals.addAll(inbox);
            inbox.clear();
            stage = Stage.ARRIVALS;
        }
        while (stage != Stage.NONE && node.isAlive && !isStopped && !thread.isHeld()) {
            step();
        }
        if (thread.isHeld()) {
            alarm.set(thread.heldUntilNanos());
        } else if (node.isAlive && !isStopped) {
            long core = node.worldNanos(replica.core.nextDeadlineNanos());
            long own = Math.min(packs.nextDeadlineNanos(), stepDownAgainAtNanos);
            alarm.set(Math.max(Math.min(core, own), world.nowNanos + 1));
            if (!inbox.isEmpty()) {
                wake();
            }
        }
    }

    private void step() {
        switch (stage) {
            case ARRIVALS -> arrival();
            case TIME -> time();
            case PACKS -> stage = submissions.step() ? Stage.PACKS : Stage.GIVING_UP;
            case GIVING_UP -> giveUpIfUncertain();
            case WORDS -> stage = words.step() ? Stage.WORDS : Stage.NONE;
            case NONE -> throw new AssertionError("no turn");
        }
    }

    private void arrival() {
        if (!applied.isEmpty()) {
            record();
            return;
        }
        Object item = arrivals.peek();
        if (item == null) {
            stage = Stage.TIME;
            return;
        }
        Fate fate = thread.at(TurnPoints.before(item), item);
        if (fate.isHalt()) {
            return;
        }
        arrivals.remove();
        if (fate != Fate.IS_LOST) {
            workOff(item);
        }
        if (fate == Fate.COMES_TWICE && !TurnPoints.comesOnce(item)) {
            workOff(item);
        }
    }

    private void record() {
        Heard next = applied.element();
        FaultPoint point = next.isOwn ? TurnPoints.beforeApplied(next.record) : null;
        if (!thread.at(point, next.record.record()).isHalt()) {
            applied.remove();
            feed(next.record);
        } else if (!node.isAlive) {
            world.marks.sometimes(Mark.CRASHED_BEFORE_ANYBODY_WAS_TOLD);
        }
    }

    private void time() {
        if (replica.core.nextDeadlineNanos() <= node.clockNanos()) {
            feed(new Input.Tick());
        }
        stage = Stage.PACKS;
    }

    private void giveUpIfUncertain() {
        if (packs.uncertainAtNanos() <= world.nowNanos) {
            if (thread.at(FaultPoint.LEADER_LOST, replica).isHalt()) {
                return;
            }
            world.marks.sometimes(Mark.LEADER_GAVE_UP_UNCERTAIN);
            leadershipEnded();
            stepDown();
        } else if (stepDownAgainAtNanos <= world.nowNanos) {
            world.marks.sometimes(Mark.STEP_DOWN_REPEATED);
            stepDown();
        }
        stage = Stage.WORDS;
    }

    private void stepDown() {
        replica.stepDown();
        stepDownAgainAtNanos = isRaftLeader ? world.nowNanos + WorldParameters.SECOND : Long.MAX_VALUE;
    }

    /** The core wants to be rid of the leadership. */
    private void givesUp() {
        packs.clear();
        node.announceLost(shard);
        stepDown();
    }

    /** The thread met an exception: the core may be half way through a step, so the shard ends here, and its node soon. */
    private void breaksDown() {
        world.marks.sometimes(Mark.LOOP_BROKE_DOWN);
        stopForGood();
        replica.stepDown();
        node.endsSoon();
    }

    private void workOff(Object item) {
        if (item instanceof Input input) {
            feed(input);
        } else if (item instanceof LoopNews.Applied news) {
            boolean isOwn = news.entry().loop == replica.loop;
            if (isOwn) {
                packs.applied(news.entry().pack);
            }
            news.records().forEach(record -> applied.add(new Heard(record, isOwn)));
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
            world.marks.sometimes(Mark.LOOP_ENDED);
            stopForGood();
        }
    }

    /** Nothing that waits is submitted or answered, and nothing is taken any more. */
    private void stopForGood() {
        world.trace(node, () -> "the loop of shard " + shard + " ends");
        isStopped = true;
        inbox.clear();
        arrivals.clear();
        applied.clear();
        packs.clear();
        words.clear();
        node.announceLost(shard);
    }

    private void leadershipEnded() {
        packs.clear();
        words.announceNothing();
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
                words.add(effect);
            }
        }
    }
}
