package dev.assent.protocol;

/**
 * One life of a process that embeds the SDK. A restarted process has another one.
 *
 * @param incarnation random, {@value #LENGTH} characters of a-z and 0-9
 */
public record InstanceId(String incarnation) implements Comparable<InstanceId> {
    /** Length, in characters. */
    public static final int LENGTH = 12;

    public InstanceId {
        Text.checkToken("instance incarnation", incarnation, LENGTH);
    }

    @Override
    public int compareTo(InstanceId other) {
        return incarnation.compareTo(other.incarnation);
    }

    @Override
    public String toString() {
        return incarnation;
    }
}
