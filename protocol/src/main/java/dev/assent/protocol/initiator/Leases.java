package dev.assent.protocol.initiator;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.time.Timetable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbers at hand: blocks leased by the leaders of the shards, used in turn. A number is given out once, whatever is
 * repeated: of a term only blocks with rising numbers are taken. Not thread-safe.
 */
final class Leases {
    /** Of a lease's time: no number is used later, since the leader's clock, not this one, ends the lease. */
    private static final int USE_PERCENT = 80;
    /** When the block is returned; what was begun late has reached the leader by then. */
    private static final int RETURN_PERCENT = 90;

    /**
     * A leased block.
     *
     * @param nextSeq the first number that was not given out
     * @param stopNanos no number is given out from then on
     * @param returnNanos when it goes back
     * @param isStopped whether the stop was noticed
     */
    record Lease(int shard, BlockId block, long nextSeq, long stopNanos, long returnNanos, boolean isStopped) {
        long left(long nowNanos) {
            return nowNanos >= stopNanos ? 0 : block.firstSeq() + BlockId.SIZE - nextSeq;
        }

        boolean isUnused() {
            return nextSeq == block.firstSeq();
        }

        long dueNanos() {
            return isStopped ? returnNanos : stopNanos;
        }
    }

    /**
     * What is known of one shard.
     *
     * @param term of its newest leader
     * @param lastBlock the highest block number taken of that term, or -1
     * @param asks how often a block was asked for in vain
     * @param askAgainNanos no block is asked for before
     * @param leases in the order in which they are used
     */
    record Shard(long term, long lastBlock, int asks, long askAgainNanos, List<Lease> leases) {
        Shard {
            leases = List.copyOf(leases);
        }

        long left(long nowNanos) {
            return leases.stream().mapToLong(lease -> lease.left(nowNanos)).sum();
        }

        Shard with(List<Lease> changed) {
            return new Shard(term, lastBlock, asks, askAgainNanos, changed);
        }
    }

    private final ClusterId cluster;
    private final InitiatorSettings settings;
    private final long salt;
    private final TreeMap<Integer, Shard> shards = new TreeMap<>();
    private int lastUsedShard = -1;
    /** Whether this process begins transactions; one that only takes part leases nothing. */
    private boolean isWanted;

    Leases(ClusterId cluster, InitiatorSettings settings, long salt) {
        this.cluster = cluster;
        this.settings = settings;
        this.salt = salt;
    }

    Leases copy() {
        Leases copy = new Leases(cluster, settings, salt);
        copy.shards.putAll(shards);
        copy.lastUsedShard = lastUsedShard;
        copy.isWanted = isWanted;
        return copy;
    }

    long term(int shard) {
        Shard known = shards.get(shard);
        return known == null ? 0 : known.term();
    }

    void want() {
        isWanted = true;
    }

    /** A leader is ready: leases of earlier terms are dropped, and a block may be asked for at once. */
    void leaderReady(int shard, long term, long nowNanos) {
        Shard known = shards.get(shard);
        shards.put(
                shard,
                known != null && known.term() == term
                        ? new Shard(term, known.lastBlock(), 0, nowNanos, known.leases())
                        : new Shard(term, -1, 0, nowNanos, List.of()));
    }

    void leased(int shard, Command.Lease lease, long nowNanos) {
        Shard known = shards.get(shard);
        BlockId block = lease.block();
        if (known == null || known.term() != block.term() || block.number() <= known.lastBlock()) {
            return;
        }
        List<Lease> leases = new ArrayList<>(known.leases());
        leases.add(new Lease(
                shard,
                block,
                block.firstSeq(),
                Timetable.after(nowNanos, lease.leaseNanos() / 100 * USE_PERCENT),
                Timetable.after(nowNanos, lease.leaseNanos() / 100 * RETURN_PERCENT),
                false));
        shards.put(shard, new Shard(known.term(), block.number(), 0, nowNanos, leases));
    }

    /** The next number, of the shards in turn. */
    Optional<Xid> take(long nowNanos) {
        List<Integer> inTurn =
                new ArrayList<>(shards.tailMap(lastUsedShard, false).keySet());
        inTurn.addAll(shards.headMap(lastUsedShard, true).keySet());
        for (int shard : inTurn) {
            Optional<Xid> taken = take(shard, nowNanos);
            if (taken.isPresent()) {
                lastUsedShard = shard;
                return taken;
            }
        }
        return Optional.empty();
    }

    private Optional<Xid> take(int shard, long nowNanos) {
        Shard known = shards.get(shard);
        List<Lease> leases = known == null ? new ArrayList<>() : new ArrayList<>(known.leases());
        for (int i = 0; i < leases.size(); i++) {
            Lease lease = leases.get(i);
            if (lease.left(nowNanos) > 0) {
                leases.set(
                        i,
                        new Lease(
                                shard,
                                lease.block(),
                                lease.nextSeq() + 1,
                                lease.stopNanos(),
                                lease.returnNanos(),
                                lease.isStopped()));
                if (known != null) {
                    shards.put(shard, known.with(leases));
                }
                return Optional.of(new Xid(cluster, shard, lease.block().term(), lease.nextSeq()));
            }
        }
        return Optional.empty();
    }

    /** Asks for a block wherever few numbers are left. */
    List<InitiatorEffect> refill(long nowNanos) {
        List<InitiatorEffect> effects = new ArrayList<>();
        for (int shard : List.copyOf(shards.keySet())) {
            Shard known = shards.get(shard);
            if (known != null && isAskedFor(known, nowNanos) && nowNanos >= known.askAgainNanos()) {
                long next = Timetable.after(nowNanos, settings.askBlock().delayNanos(known.asks(), salt + shard));
                shards.put(shard, new Shard(known.term(), known.lastBlock(), known.asks() + 1, next, known.leases()));
                effects.add(new InitiatorEffect.Tell(shard, new Notice.BlockWanted()));
            }
        }
        return effects;
    }

    private boolean isAskedFor(Shard shard, long nowNanos) {
        return isWanted && shard.left(nowNanos) < settings.lowWaterCount();
    }

    /** Leases whose time for use has just ended: what was begun from them and not touched must be opened now. */
    List<Lease> stop(boolean isSomebodyWaiting, long nowNanos) {
        List<Lease> stopped = new ArrayList<>();
        for (Lease lease : all()) {
            if (!lease.isStopped() && nowNanos >= lease.stopNanos()) {
                Lease done = new Lease(
                        lease.shard(), lease.block(), lease.nextSeq(), lease.stopNanos(), lease.returnNanos(), true);
                replace(lease, Optional.of(done));
                stopped.add(done);
            }
        }
        if (!isSomebodyWaiting && !stopped.isEmpty() && stopped.stream().allMatch(Lease::isUnused)) {
            isWanted = all().stream().anyMatch(lease -> !lease.isUnused());
        }
        return stopped;
    }

    /** Returns the blocks whose time has come. */
    List<InitiatorEffect> giveBack(long nowNanos) {
        List<InitiatorEffect> effects = new ArrayList<>();
        for (Lease lease : all()) {
            if (nowNanos >= lease.returnNanos()) {
                replace(lease, Optional.empty());
                effects.add(new InitiatorEffect.Tell(lease.shard(), new Notice.BlockReturned(lease.block())));
            }
        }
        return effects;
    }

    long nextDeadlineNanos(long nowNanos) {
        long next = Timetable.NEVER;
        for (Shard shard : shards.values()) {
            if (isAskedFor(shard, nowNanos)) {
                next = Math.min(next, shard.askAgainNanos());
            }
            for (Lease lease : shard.leases()) {
                next = Math.min(next, lease.dueNanos());
            }
        }
        return next;
    }

    private List<Lease> all() {
        List<Lease> all = new ArrayList<>();
        shards.values().forEach(shard -> all.addAll(shard.leases()));
        return all;
    }

    private void replace(Lease lease, Optional<Lease> by) {
        Shard known = shards.get(lease.shard());
        if (known != null) {
            List<Lease> leases = new ArrayList<>(known.leases());
            int at = leases.indexOf(lease);
            leases.remove(at);
            by.ifPresent(changed -> leases.add(at, changed));
            shards.put(lease.shard(), known.with(leases));
        }
    }

    @Override
    public String toString() {
        return "Leases[shards=" + shards + ", lastUsedShard=" + lastUsedShard + ", isWanted=" + isWanted + "]";
    }
}
