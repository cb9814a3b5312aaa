package dev.assent.protocol;

/**
 * The identifier of a global transaction: {@code <cluster>-<incarnation>.<shard>.<term>.<seq>}, ASCII, at most
 * {@value #MAX_BYTES} bytes, so that it fits the gtrid of an XA identifier (X/Open XA, 1991).
 *
 * @param cluster the life of the cluster that the transaction belongs to
 * @param shard the Raft group that drives it, from 0
 * @param term the Raft term in which it began and the only one in which it may commit; from 1
 * @param seq its number within shard and term, from 0
 */
public record Xid(ClusterId cluster, int shard, long term, long seq) implements Comparable<Xid> {
    /** Longest text form, in bytes. */
    public static final int MAX_BYTES = 64;

    /** Shards are numbered from 0 to this. */
    public static final int MAX_SHARD = 1023;

    /** Largest term and largest number of a transaction within a term. */
    public static final long MAX_NUMBER = 99_999_999_999_999L;

    public Xid {
        if (shard < 0 || shard > MAX_SHARD) {
            throw new IllegalArgumentException("shard must be 0 to " + MAX_SHARD + ", not " + shard);
        }
        if (term < 1 || term > MAX_NUMBER) {
            throw new IllegalArgumentException("term must be 1 to " + MAX_NUMBER + ", not " + term);
        }
        if (seq < 0 || seq > MAX_NUMBER) {
            throw new IllegalArgumentException("number must be 0 to " + MAX_NUMBER + ", not " + seq);
        }
    }

    /**
     * Reads what {@link #toString()} wrote; every xid has one spelling.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Xid parse(String text) {
        String[] parts = text.length() > MAX_BYTES ? new String[0] : text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "xid must be <cluster>-<incarnation>.<shard>.<term>.<number>: " + Text.shown(text));
        }
        return new Xid(
                ClusterId.parse(parts[0]),
                (int) Text.number("shard", parts[1], MAX_SHARD),
                Text.number("term", parts[2], MAX_NUMBER),
                Text.number("number", parts[3], MAX_NUMBER));
    }

    /** Oldest first within a shard. */
    @Override
    public int compareTo(Xid other) {
        int order = cluster.compareTo(other.cluster);
        if (order == 0) {
            order = Integer.compare(shard, other.shard);
        }
        if (order == 0) {
            order = Long.compare(term, other.term);
        }
        return order != 0 ? order : Long.compare(seq, other.seq);
    }

    @Override
    public String toString() {
        return cluster + "." + shard + "." + term + "." + seq;
    }
}
