package dev.assent.simulation;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.ShardIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One life of a shard's replica on a node: what Raft tells it, and the state that it applies entries to. */
final class Replica {
    private static final long POLL_NANOS = 300 * WorldParameters.MILLI;

    final Node node;
    final RaftGroup group;
    final long loop;
    final ReplicatedState state;
    final ShardCore core;
    final ShardTurns turns;
    private final World world;
    private final Luck luck;
    private final Alarm applying;
    private int applied;
    private int sinceSnapshot;
    private long knownTerm;
    private RaftGroup.@Nullable Tail leading;
    private boolean isWonTold;
    private boolean isTired;

    Replica(Node node, RaftGroup group, long loop) {
        this.node = node;
        this.group = group;
        this.loop = loop;
        this.world = node.world;
        this.luck = new Luck(3_000_000L + node.slot.index * 10L + group.shard);
        NodeSlot.Disk disk = node.slot.disks[group.shard];
        this.state = ReplicatedState.of(disk.image);
        this.applied = disk.index;
        this.core = new ShardCore(
                new ShardIdentity(World.CLUSTER, group.shard, node.slot.id, loop), world.parameters.shard(), state);
        this.turns = new ShardTurns(this);
        this.applying = new Alarm(node, this::apply);
    }

    /** Whether Raft has told it that it leads, and nothing else since. */
    boolean isBeliever() {
        return leading != null;
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
            turns.lost();
        }
        leading = tail;
        knownTerm = tail.term;
        isWonTold = false;
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

    /** Gives the leadership up, as its shell wishes. */
    void stepDown() {
        if (leading != null) {
            isTired = true;
            world.after(world.network.latencyNanos(luck), node, () -> {
                if (isTired) {
                    stopBelieving();
                }
            });
            group.electSoon(20, 300);
        }
    }

    private void stopBelieving() {
        if (leading != null) {
            world.trace(node, () -> "hears that it does not lead shard " + group.shard + " any more");
            leading = null;
            turns.lost();
        }
    }

    /** Raft loses and wins the leadership within one term. */
    void flap() {
        if (leading != null && isWonTold) {
            world.trace(node, () -> "loses shard " + group.shard + " and wins it again in the same term");
            turns.lost();
            turns.won();
        }
    }

    /** The shell wants this appended. */
    void append(long pack, List<LogRecord> records) {
        // It enters the log a little later, in whatever term that is then.
        long delay = 5 * WorldParameters.MICRO;
        if (world.faults.strikes(FaultKind.APPEND_LATE, luck)) {
            delay = world.dice.between(Purpose.AMOUNT, luck, 1, 1_000) * WorldParameters.MILLI;
        }
        world.after(delay, node, () -> enter(pack, records));
    }

    private void enter(long pack, List<LogRecord> records) {
        RaftGroup.Tail tail = leading;
        if (tail == null || world.faults.strikes(FaultKind.APPEND_REFUSED, luck)) {
            world.after(world.network.latencyNanos(luck), node, () -> turns.refused(pack));
            return;
        }
        world.trace(node, () -> "appends in term " + tail.term + ", shard " + group.shard + ": " + records);
        group.append(tail, new LogEntry(tail.term, loop, pack, records));
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
        if (applied >= group.committed.size()) {
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
        while (applied < group.committed.size() && group.committed.get(applied).committedInTerm <= knownTerm) {
            apply(group.committed.get(applied));
        }
    }

    private void install(Replica leader) {
        if (leader.applied > applied) {
            world.trace(node, () -> "installs a snapshot of shard " + group.shard + " up to entry " + leader.applied);
            world.marks.sometimes(Mark.SNAPSHOT_INSTALLED);
            state.restore(leader.state.image());
            applied = leader.applied;
            snapshot();
        }
    }

    private void apply(LogEntry entry) {
        applied++;
        List<Input.Applied> inputs = new ArrayList<>(entry.records.size());
        for (LogRecord record : entry.records) {
            boolean stood = state.apply(entry.term, record);
            world.judge.log(group.shard).applied(entry, record, stood, state);
            inputs.add(new Input.Applied(entry.term, record, stood));
        }
        if (!inputs.isEmpty()) {
            turns.applied(entry, inputs);
        } else if (leading != null && entry.term == leading.term && !isWonTold) {
            isWonTold = true;
            turns.won();
        }
        if (++sinceSnapshot >= 20 && world.faults.level(FaultKind.NODE_CRASH) != FaultKind.Level.OFF) {
            snapshot();
        }
    }

    private void snapshot() {
        sinceSnapshot = 0;
        NodeSlot.Disk disk = node.slot.disks[group.shard];
        disk.image = state.image();
        disk.index = applied;
    }
}
