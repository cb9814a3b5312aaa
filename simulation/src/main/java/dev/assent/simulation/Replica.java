package dev.assent.simulation;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.coordinator.StateImage;
import dev.assent.protocol.fault.FaultPoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One life of a shard's replica on a node: what Raft tells it, and the state that it applies entries to. */
final class Replica {
    private static final long SNAPSHOT_AGAIN_NANOS = 5 * WorldParameters.SECOND;
    private static final long POLL_NANOS = 300 * WorldParameters.MILLI;

    final Node node;
    final RaftGroup group;
    final long loop;
    final ReplicatedState state;
    final ShardCore core;
    final ShardTurns turns;
    final LeadershipNews news;
    final Appends appends;
    private final World world;
    private final Luck luck;
    private final Alarm applying;
    private int applied;
    private int sinceSnapshot;
    private long knownTerm;
    private RaftGroup.@Nullable Tail leading;
    private boolean isTired;
    private long heldUntilNanos;
    private long snapshotAgainAtNanos;

    Replica(Node node, RaftGroup group, long life) {
        this.node = node;
        this.group = group;
        this.loop = life * 100 + node.slot.index * 10L + group.shard + 1;
        this.world = node.world;
        this.luck = Luck.ofLife(3_000_000L + node.slot.index * 10L + group.shard, life);
        NodeSlot.Disk disk = node.slot.disks[group.shard];
        this.state = ReplicatedState.of(disk.image);
        this.applied = disk.index;
        if (disk.index > 0) {
            world.marks.sometimes(Mark.STARTED_FROM_SNAPSHOT);
        }
        this.core = new ShardCore(
                new ShardIdentity(World.CLUSTER, group.shard, node.slot.id, loop), world.parameters.shard(), state);
        this.turns = new ShardTurns(this);
        this.news = new LeadershipNews(this, luck);
        this.appends = new Appends(this, luck);
        this.applying = new Alarm(node, this::apply);
    }

    /** Whether Raft has told it that it leads, and nothing else since. */
    boolean isBeliever() {
        return leading != null;
    }

    /** The log in which it believes to lead, or null. */
    RaftGroup.@Nullable Tail leading() {
        return leading;
    }

    /** Whether somebody else should lead. */
    boolean isTired() {
        return isTired;
    }

    void tire() {
        isTired = true;
    }

    int applied() {
        return applied;
    }

    // ---- leadership ----

    /** It was elected; its loop hears of it when everything of earlier terms is applied. */
    void elected(RaftGroup.Tail tail) {
        if (leading != null) {
            news.lost(knownTerm);
        }
        news.settle();
        leading = tail;
        knownTerm = tail.term;
        isTired = false;
    }

    /** Somebody else leads in a later term. */
    void hears(long term) {
        if (term <= knownTerm) {
            return;
        }
        knownTerm = term;
        stopBelieving();
        applySoon();
    }

    /** Gives the leadership up, as its shell wishes; that may fail. */
    void stepDown() {
        RaftGroup.Tail given = leading;
        if (given == null) {
            return;
        }
        if (world.faults.strikes(FaultKind.STEP_DOWN_FAILED, luck)) {
            world.trace(node, () -> "cannot give up shard " + group.shard);
            return;
        }
        isTired = true;
        world.after(world.network.latencyNanos(luck), node, () -> {
            if (leading == given) {
                stopBelieving();
            }
        });
        group.electSoon(20, 300);
    }

    private void stopBelieving() {
        if (leading != null) {
            world.trace(node, () -> "does not lead shard " + group.shard + " any more");
            leading = null;
            news.lost(knownTerm);
        }
    }

    /** The leadership is lost and won within one term. Raft does no such thing; a loop must not lead by it. */
    void flap() {
        RaftGroup.Tail present = leading;
        if (present != null && news.isWon(present.term)) {
            world.trace(node, () -> "loses shard " + group.shard + " and wins it again in the same term");
            turns.lost();
            long later = world.dice.between(Purpose.AMOUNT, luck, 0, 200_000) * WorldParameters.MICRO;
            world.after(later, node, () -> {
                if (leading == present) {
                    turns.wonAgain();
                }
            });
        }
    }

    /** Raft stops on this node without a word; then the loop hears that it is over. */
    void logBroken() {
        boolean wasLeading = leading != null;
        leading = null;
        long later = world.dice.between(Purpose.AMOUNT, luck, 0, 300_000) * WorldParameters.MICRO;
        world.after(later, node, turns::logFailed);
        if (wasLeading) {
            group.electSoon(150, 1_000);
        }
    }

    // ---- applying ----

    void applySoon() {
        long delay = leading != null ? 20 * WorldParameters.MICRO : world.network.latencyNanos(luck);
        if (world.faults.strikes(FaultKind.REPLICA_LAGS, luck)) {
            delay += world.dice.between(Purpose.AMOUNT, luck, 5, 2_000) * WorldParameters.MILLI;
        }
        applying.set(world.nowNanos + delay);
    }

    private void apply() {
        if (applied >= group.committed.size() || node.isLogBroken() || isHeld()) {
            return;
        }
        Replica leader = group.leader();
        boolean isReached = leader == this || (leader != null && world.network.passes(leader.node, node));
        if (!isReached) {
            applying.set(world.nowNanos + POLL_NANOS);
            return;
        }
        boolean mayInstall = group.committed.size() - applied > 2 && leading == null;
        if (mayInstall && leader != null && world.faults.strikes(FaultKind.SNAPSHOT_INSTALLED, luck)) {
            install(leader);
        }
        // Entries of a leader that it has not heard of yet are no business of one who believes to lead.
        while (applied < group.committed.size()
                && group.committed.get(applied).committedInTerm <= knownTerm
                && node.isAlive
                && !isHeld()) {
            apply(group.committed.get(applied));
        }
    }

    /** Whether the thread that applies stands still. */
    private boolean isHeld() {
        return heldUntilNanos > world.nowNanos;
    }

    private void hold(long nanos, Runnable then) {
        heldUntilNanos = world.nowNanos + nanos;
        world.at(heldUntilNanos, node, () -> {
            then.run();
            apply();
        });
    }

    /** Mostly what ships is what the leader last wrote to its disk, which its state may have left behind. */
    private void install(Replica leader) {
        NodeSlot.Disk shipped = leader.node.slot.disks[group.shard];
        boolean isPresent = world.dice.chance(Purpose.AMOUNT, luck, 30);
        int upTo = isPresent ? leader.applied : shipped.index;
        if (upTo > applied) {
            world.trace(node, () -> "installs a snapshot of shard " + group.shard + " up to entry " + upTo);
            world.marks.sometimes(Mark.SNAPSHOT_INSTALLED);
            if (upTo < leader.applied) {
                world.marks.sometimes(Mark.OLD_SNAPSHOT_INSTALLED);
            }
            StateImage image = isPresent ? leader.state.image() : shipped.image;
            write(image, upTo);
            Strike strike = world.points.atShard(node, FaultPoint.SNAPSHOT_INSTALLED, group.shard);
            if (strike.fate() == Strike.Fate.WAITS) {
                hold(strike.nanos(), () -> installed(image, upTo));
            } else if (strike.fate() == Strike.Fate.FAILS) {
                node.breakLog();
            } else if (strike.fate().isCarriedOut()) {
                installed(image, upTo);
            }
        }
    }

    private void installed(StateImage image, int upTo) {
        state.restore(image);
        applied = upTo;
        sinceSnapshot = 0;
    }

    private void apply(LogEntry entry) {
        applied++;
        List<Input.Applied> inputs = new ArrayList<>(entry.records.size());
        for (LogRecord record : entry.records) {
            if (state.cluster().isEmpty() && !(record instanceof LogRecord.ClusterCreated)) {
                throw new Violation(Violation.Law.AC8, record + " comes before the record that names its cluster");
            }
            boolean stood = state.apply(entry.term, record);
            world.judge.log(group.shard).applied(entry, record, stood, state);
            inputs.add(new Input.Applied(entry.term, record, stood));
        }
        if (!inputs.isEmpty()) {
            turns.applied(entry, inputs);
        } else if (leading != null && entry.term == leading.term) {
            news.ready(entry.term);
            appends.bear();
        }
        if (state.cluster().isPresent()) {
            news.tellWin();
        }
        boolean isDue =
                ++sinceSnapshot >= world.parameters.log().snapshotEntries() && snapshotAgainAtNanos <= world.nowNanos;
        if (isDue && isSnapshotOfUse()) {
            snapshot();
        }
    }

    /** Whether a node may come back to it, or another may get it. */
    private boolean isSnapshotOfUse() {
        return isOn(FaultKind.NODE_CRASH)
                || isOn(FaultKind.NODE_CRASH_AT_STEP)
                || isOn(FaultKind.LOG_FAILED)
                || isOn(FaultKind.SNAPSHOT_INSTALLED)
                || world.points.needSnapshots();
    }

    private boolean isOn(FaultKind kind) {
        return world.faults.level(kind) != FaultKind.Level.OFF;
    }

    /** One that cannot be written leaves the old one as it was, and is tried again after a while. */
    private void snapshot() {
        StateImage image = state.image();
        Strike strike = world.points.atShard(node, FaultPoint.SNAPSHOT_BEFORE_RENAME, group.shard);
        if (strike.fate() == Strike.Fate.WAITS) {
            hold(strike.nanos(), () -> write(image, applied));
        } else if (strike.fate().isCarriedOut()) {
            write(image, applied);
        } else {
            world.marks.sometimes(Mark.SNAPSHOT_NOT_WRITTEN);
            snapshotAgainAtNanos = world.nowNanos + SNAPSHOT_AGAIN_NANOS;
        }
    }

    private void write(StateImage image, int upTo) {
        sinceSnapshot = 0;
        NodeSlot.Disk disk = node.slot.disks[group.shard];
        disk.image = image;
        disk.index = upTo;
    }
}
