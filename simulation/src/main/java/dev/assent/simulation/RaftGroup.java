package dev.assent.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of one shard, with what Raft guarantees (Ongaro and Ousterhout, 2014) and nothing more. There is one committed
 * log, and its terms never decrease. Whoever was elected last may commit, and only while it reaches a majority; older
 * leaders go on believing until they hear of it. What was appended and not committed hangs: a later leader has all of it,
 * some of it or nothing, and what it has is committed by its own first entry, each entry still of the term in which it was
 * appended.
 */
final class RaftGroup {
    private static final long RETRY_NANOS = 200 * WorldParameters.MILLI;

    /** What a leader holds beyond the committed log. */
    static final class Tail {
        final long term;
        final Replica owner;
        final List<LogEntry> entries = new ArrayList<>();
        int committedCount;

        Tail(long term, Replica owner) {
            this.term = term;
            this.owner = owner;
        }

        List<LogEntry> open() {
            return entries.subList(committedCount, entries.size());
        }
    }

    final int shard;
    final List<LogEntry> committed = new ArrayList<>();
    private final World world;
    private final Luck luck;
    private final List<Tail> stale = new ArrayList<>();
    private long term;
    private @Nullable Tail tail;
    private boolean isElectionDue;

    RaftGroup(World world, int shard) {
        this.world = world;
        this.shard = shard;
        this.luck = new Luck(2_000_000L + shard);
    }

    /** The replica that was elected last, if its node has not stopped since. */
    @Nullable
    Replica leader() {
        Tail present = tail;
        return present != null && present.owner.node.isAlive && !present.owner.node.isLogBroken()
                ? present.owner
                : null;
    }

    /** The newest term of all. */
    long term() {
        return term;
    }

    // ---- elections ----

    /** Somebody misses a leader. */
    void electSoon(long leastMillis, long mostMillis) {
        if (!isElectionDue) {
            isElectionDue = true;
            long delay = world.dice.between(Purpose.ELECTION, luck, leastMillis, mostMillis);
            world.after(delay * WorldParameters.MILLI, world.outside, this::elect);
        }
    }

    private void elect() {
        isElectionDue = false;
        Replica present = leader();
        if (present != null && present.isBeliever() && !present.isTired() && hasMajority(present)) {
            return;
        }
        List<Replica> candidates = new ArrayList<>();
        for (NodeSlot slot : world.nodes) {
            Replica replica = slot.replica(shard);
            if (replica != null && replica.node.isServingRaft() && hasMajority(replica)) {
                candidates.add(replica);
            }
        }
        boolean isPassedOver = present != null && present.isTired() && world.dice.chance(Purpose.ELECTION, luck, 70);
        if (candidates.size() > 1 && present != null && isPassedOver) {
            candidates.remove(present);
        }
        if (candidates.isEmpty()) {
            electSoon(100, 400);
            return;
        }
        crown(candidates.get(world.dice.below(Purpose.ELECTION, luck, candidates.size())));
    }

    private void crown(Replica winner) {
        Tail before = tail;
        term += world.dice.below(Purpose.ELECTION, luck, 6) == 0 ? 2 : 1;
        Tail mine = new Tail(term, winner);
        inherit(before, mine);
        if (before != null) {
            stale.add(before);
        }
        mine.entries.add(new LogEntry(term, 0, 0, List.of()));
        tail = mine;
        world.trace(
                winner.node,
                () -> "is elected for shard " + shard + " in term " + mine.term + ", holding "
                        + (mine.entries.size() - 1) + " open entries");
        winner.elected(mine);
        boolean isDoubled = world.nodes.stream()
                .map(slot -> slot.replica(shard))
                .anyMatch(other -> other != null && other != winner && other.isBeliever());
        if (isDoubled) {
            world.marks.sometimes(Mark.TWO_BELIEVERS);
        }
        for (NodeSlot slot : world.nodes) {
            Replica other = slot.replica(shard);
            if (other != null && other != winner) {
                tell(other, winner, mine.term);
            }
        }
        // Only an entry of its own term may be counted; what it holds of earlier ones goes with that (Raft, 5.4.2).
        commitSoon(mine, mine.entries.size() - 1);
    }

    private void inherit(@Nullable Tail before, Tail mine) {
        if (before == null) {
            return;
        }
        List<LogEntry> open = before.open();
        boolean isOwnLog = before.owner == mine.owner;
        if (!isOwnLog && !stale.isEmpty() && world.dice.chance(Purpose.ELECTION, luck, 30)) {
            // Its predecessor never committed anything, and the log that wins is an older one.
            open = stale.get(world.dice.below(Purpose.ELECTION, luck, stale.size()))
                    .open();
        }
        int count = open.size();
        if (!isOwnLog && count > 0) {
            int draw = world.dice.below(Purpose.ELECTION, luck, 4);
            count = draw < 2 ? count : draw == 2 ? 0 : world.dice.below(Purpose.ELECTION, luck, count + 1);
        }
        mine.entries.addAll(open.subList(0, count));
        boolean hasRecords = open.subList(0, count).stream().anyMatch(e -> !e.records.isEmpty());
        if (hasRecords) {
            world.marks.sometimes(Mark.OPEN_ENTRY_SURVIVED);
        }
        if (open.subList(count, open.size()).stream().anyMatch(e -> !e.records.isEmpty())) {
            world.marks.sometimes(Mark.OPEN_ENTRY_VANISHED);
        }
    }

    /** News of a new term; one who believes to lead may hear of it late. */
    private void tell(Replica other, Replica winner, long newTerm) {
        long delay = world.network.passes(winner.node, other.node) ? world.network.latencyNanos(luck) : RETRY_NANOS;
        if (other.isBeliever() && world.faults.strikes(FaultKind.LEADERSHIP_DOUBLED, luck)) {
            delay += world.dice.between(Purpose.ELECTION, luck, 300, 8_000) * WorldParameters.MILLI;
        }
        world.after(delay, other.node, () -> {
            if (term != newTerm || !winner.node.isAlive) {
                return;
            }
            if (world.network.passes(winner.node, other.node)) {
                other.hears(newTerm);
            } else {
                tell(other, winner, newTerm);
            }
        });
    }

    /** A node came back or can be reached again. */
    void greet(Replica back) {
        Replica present = leader();
        if (present != null && present != back) {
            tell(back, present, term);
        } else if (present == null) {
            electSoon(150, 500);
        }
    }

    boolean hasMajority(Replica of) {
        int reached = 0;
        for (NodeSlot slot : world.nodes) {
            Replica other = slot.replica(shard);
            if (other == of || (other != null && isReached(other, of))) {
                reached++;
            }
        }
        return reached > world.nodes.size() / 2;
    }

    private boolean hasMajorityForced(Replica of) {
        int forced = 0;
        for (NodeSlot slot : world.nodes) {
            Replica other = slot.replica(shard);
            if (other != null && other.node.hasForced() && (other == of || isReached(other, of))) {
                forced++;
            }
        }
        return forced > world.nodes.size() / 2;
    }

    private boolean isReached(Replica other, Replica by) {
        return other.node.isServingRaft() && world.network.passesBothWays(by.node, other.node);
    }

    /** What its leader holds and has not committed is open from now on, whatever it is. */
    void died(Replica leader) {
        Tail present = tail;
        if (present != null && present.owner == leader) {
            orphan(present);
        }
        stale.stream().filter(old -> old.owner == leader).forEach(this::orphan);
    }

    private void orphan(Tail of) {
        for (LogEntry entry : of.open()) {
            if (!entry.isCommitted() && entry.loop == of.owner.loop && entry.hasDecision()) {
                entry.isOrphan = true;
                world.marks.sometimes(Mark.LEADER_CRASHED_AFTER_APPEND);
            }
        }
    }

    // ---- appending ----

    /** Appends to the log of a believing leader; whether it is ever committed is another matter. */
    void append(Tail to, LogEntry entry) {
        to.entries.add(entry);
        if (world.faults.strikes(FaultKind.APPEND_UNCERTAIN, luck)) {
            entry.notBeforeNanos =
                    world.nowNanos + world.dice.between(Purpose.ELECTION, luck, 100, 15_000) * WorldParameters.MILLI;
            if (world.dice.chance(Purpose.ELECTION, luck, 60)) {
                to.owner.tire();
                electSoon(10, 3_000);
            }
            world.trace(to.owner.node, () -> "  whose fate stays open");
        }
        if (tail == to) {
            commitSoon(to, to.entries.size() - 1);
        }
    }

    private void commitSoon(Tail of, int position) {
        long delay = world.parameters.nodes() == 1 ? 100 * WorldParameters.MICRO : 2 * world.network.latencyNanos(luck);
        long disk = world.dice.between(Purpose.ELECTION, luck, 10, 500) * WorldParameters.MICRO;
        world.after(delay + disk, of.owner.node, () -> written(of, position));
    }

    /** The entry is in the log of the leader and of whoever it reaches. */
    private void written(Tail of, int position) {
        if (tail != of || position < of.committedCount) {
            return;
        }
        for (NodeSlot slot : world.nodes) {
            Replica replica = slot.replica(shard);
            if (replica == of.owner || (replica != null && isReached(replica, of.owner))) {
                replica.node.forcesLog(shard);
            }
        }
        if (of.owner.node.isAlive) {
            commit(of, position);
        }
    }

    private void commit(Tail of, int position) {
        if (tail != of || position < of.committedCount || of.owner.node.isLogBroken()) {
            return;
        }
        long notBefore = 0;
        for (int i = of.committedCount; i <= position; i++) {
            notBefore = Math.max(notBefore, of.entries.get(i).notBeforeNanos);
        }
        boolean isHeld = notBefore > world.nowNanos && !world.faults.isOver();
        boolean isForced = hasMajorityForced(of.owner);
        if (!isForced && hasMajority(of.owner)) {
            world.marks.sometimes(Mark.COMMIT_AWAITED_DISKS);
        }
        if (isHeld || !isForced) {
            long again = isHeld ? notBefore - world.nowNanos : RETRY_NANOS;
            world.after(again, of.owner.node, () -> commit(of, position));
            return;
        }
        for (int i = of.committedCount; i <= position; i++) {
            LogEntry entry = of.entries.get(i);
            entry.committedInTerm = of.term;
            committed.add(entry);
            if (entry.isOrphan && of.owner.loop != entry.loop) {
                world.marks.sometimes(Mark.OPEN_DECISION_SURVIVED_LEADER);
            }
            if (entry.term < of.term && !entry.records.isEmpty()) {
                world.marks.sometimes(Mark.ENTRY_COMMITTED_IN_LATER_TERM);
            }
            world.trace(of.owner.node, () -> "committed, shard " + shard + ": " + entry);
            world.judge.log(shard).committed(entry);
        }
        of.committedCount = position + 1;
        // Whoever lacks this entry cannot win any more.
        for (Tail lost : stale) {
            if (lost.entries.stream().anyMatch(entry -> entry.isOrphan && !entry.isCommitted())) {
                world.marks.sometimes(Mark.OPEN_DECISION_DIED_WITH_LEADER);
            }
        }
        stale.clear();
        for (NodeSlot slot : world.nodes) {
            Replica replica = slot.replica(shard);
            if (replica != null) {
                replica.applySoon();
            }
        }
    }

    /** Whether nothing is open, and every replica that works has applied everything. */
    boolean isSettledEverywhere() {
        Tail present = tail;
        boolean isOpen = present != null && !present.open().isEmpty();
        for (NodeSlot slot : world.nodes) {
            Replica replica = slot.replica(shard);
            isOpen |= replica != null && replica.applied() < committed.size();
        }
        return !isOpen;
    }
}
