package dev.assent.protocol;

/**
 * One local transaction on one connection, ever: {@code <resource>.<instance incarnation>.<n>}, at most
 * {@value #MAX_BYTES} bytes (an XA bqual has 64; dialects append to it). When the local transaction is gone, rolled back,
 * died or voted, the id is spent: a further call opens a new branch with a new id, so that a late message can never
 * reach the wrong local transaction.
 *
 * @param resource what the branch works on
 * @param instance the life of the process that opened it, and whose connection it is
 * @param number counts the branches of that life, from 0
 */
public record BranchId(ResourceName resource, InstanceId instance, long number) implements Comparable<BranchId> {
    /** Longest text form, in bytes. */
    public static final int MAX_BYTES = 48;

    /** Largest number of a branch within one life of a process. */
    public static final long MAX_NUMBER = 9_999_999_999_999L;

    public BranchId {
        if (number < 0 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("branch number must be 0 to " + MAX_NUMBER + ", not " + number);
        }
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static BranchId parse(String text) {
        String[] parts = text.length() > MAX_BYTES ? new String[0] : text.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("branch must be <resource>.<instance>.<number>: " + Text.shown(text));
        }
        return new BranchId(
                new ResourceName(parts[0]),
                new InstanceId(parts[1]),
                Text.number("branch number", parts[2], MAX_NUMBER));
    }

    @Override
    public int compareTo(BranchId other) {
        int order = resource.compareTo(other.resource);
        if (order == 0) {
            order = instance.compareTo(other.instance);
        }
        return order != 0 ? order : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return resource + "." + instance + "." + number;
    }
}
