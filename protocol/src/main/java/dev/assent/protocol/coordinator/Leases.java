package dev.assent.protocol.coordinator;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.message.BlockId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of one term: blocks leased to instances, and one that the leader keeps for itself. An xid lives once: a
 * number is opened by the first message about it and never again; when a lease ends, what was not opened is over.
 */
final class Leases {
    private static final class Lease {
        final Optional<InstanceId> owner;
        final long endNanos;
        final BitSet opened = new BitSet(BlockId.SIZE);

        Lease(Optional<InstanceId> owner, long endNanos) {
            this.owner = owner;
            this.endNanos = endNanos;
        }

        @Override
        public String toString() {
            return "Lease[owner=" + owner + ", endNanos=" + endNanos + ", opened=" + opened + "]";
        }
    }

    private final long term;
    private final long leaseNanos;
    /** Leases with numbers that were not opened; of all others nothing needs to be remembered. */
    private final Map<Long, Lease> open = new LinkedHashMap<>();

    private long nextBlock;
    private long ownBlock = -1;
    private long nextOwn;

    Leases(long term, long leaseNanos) {
        this.term = term;
        this.leaseNanos = leaseNanos;
    }

    Leases copy() {
        Leases copy = new Leases(term, leaseNanos);
        open.forEach((block, lease) -> {
            Lease itsLease = new Lease(lease.owner, lease.endNanos);
            itsLease.opened.or(lease.opened);
            copy.open.put(block, itsLease);
        });
        copy.nextBlock = nextBlock;
        copy.ownBlock = ownBlock;
        copy.nextOwn = nextOwn;
        return copy;
    }

    BlockId lease(InstanceId owner, long nowNanos) {
        return lease(Optional.of(owner), nowNanos + leaseNanos);
    }

    private BlockId lease(Optional<InstanceId> owner, long endNanos) {
        BlockId block = new BlockId(term, nextBlock++);
        open.put(block.number(), new Lease(owner, endNanos));
        return block;
    }

    /** Whether the number was ever given out in this term. */
    boolean isLeased(long seq) {
        return seq / BlockId.SIZE < nextBlock;
    }

    /** Whether any of the block's numbers may still be opened. */
    boolean isOpen(BlockId block) {
        return block.term() == term && open.containsKey(block.number());
    }

    /** Whether the number was given out, not opened, and its lease has not ended. */
    boolean isUnopened(long seq) {
        Lease lease = open.get(seq / BlockId.SIZE);
        return lease != null && !lease.opened.get((int) (seq % BlockId.SIZE));
    }

    /** Opens the number if it never was and its lease has not ended. */
    boolean open(long seq) {
        long block = seq / BlockId.SIZE;
        int number = (int) (seq % BlockId.SIZE);
        Lease lease = open.get(block);
        if (lease == null || lease.opened.get(number)) {
            return false;
        }
        lease.opened.set(number);
        if (lease.opened.cardinality() == BlockId.SIZE) {
            open.remove(block);
        }
        return true;
    }

    /** Opens one of the leader's own numbers. */
    long openOwn() {
        if (!open.containsKey(ownBlock)) {
            ownBlock = lease(Optional.empty(), Long.MAX_VALUE).number();
            nextOwn = ownBlock * BlockId.SIZE;
        }
        // Somebody may have guessed a number of this block and opened it.
        while (!open(nextOwn)) {
            nextOwn++;
        }
        return nextOwn++;
    }

    /** Ends the lease, if it is this instance's. */
    void returned(InstanceId owner, BlockId block) {
        Lease lease = block.term() == term ? open.get(block.number()) : null;
        if (lease != null && lease.owner.equals(Optional.of(owner))) {
            open.remove(block.number());
        }
    }

    /** Ends all leases of a dead instance. */
    void lost(InstanceId owner) {
        open.values().removeIf(lease -> lease.owner.equals(Optional.of(owner)));
    }

    /** Ends the leases whose time is over. */
    void expire(long nowNanos) {
        open.values().removeIf(lease -> nowNanos >= lease.endNanos);
    }

    /** How many leases with unopened numbers the instance has. */
    int countOf(InstanceId owner) {
        int count = 0;
        for (Lease lease : new ArrayList<>(open.values())) {
            count += lease.owner.equals(Optional.of(owner)) ? 1 : 0;
        }
        return count;
    }

    /** Blocks that are open, for people and tests. */
    List<BlockId> openBlocks() {
        return open.keySet().stream().map(number -> new BlockId(term, number)).toList();
    }

    /** Field by field. */
    @Override
    public String toString() {
        return "Leases[open=" + open + ", nextBlock=" + nextBlock + ", ownBlock=" + ownBlock + ", nextOwn=" + nextOwn
                + "]";
    }
}
