package dev.assent.protocol;

/**
 * Which cluster, and which life of it.
 *
 * @param name chosen by the operator; at most 16 characters of a-z, 0-9 and inner dashes
 * @param incarnation random, {@value #INCARNATION_LENGTH} characters of a-z and 0-9; made at bootstrap and anew at every
 *     restore, because a name is not an identity: a restored cluster does not know what its old self decided
 */
public record ClusterId(String name, String incarnation) implements Comparable<ClusterId> {
    /** Length of an incarnation, in characters. */
    public static final int INCARNATION_LENGTH = 8;

    static final int MAX_NAME_LENGTH = 16;

    public ClusterId {
        Text.checkName("cluster name", name, MAX_NAME_LENGTH);
        Text.checkToken("cluster incarnation", incarnation, INCARNATION_LENGTH);
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is not {@code <name>-<incarnation>}
     */
    public static ClusterId parse(String text) {
        int dash = text.lastIndexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("cluster must be <name>-<incarnation>: " + Text.shown(text));
        }
        return new ClusterId(text.substring(0, dash), text.substring(dash + 1));
    }

    @Override
    public int compareTo(ClusterId other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : incarnation.compareTo(other.incarnation);
    }

    @Override
    public String toString() {
        return name + "-" + incarnation;
    }
}
