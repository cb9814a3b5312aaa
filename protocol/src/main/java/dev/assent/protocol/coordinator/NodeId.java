package dev.assent.protocol.coordinator;

/**
 * A coordinator node.
 *
 * @param value as the operator named it; at most 32 characters of a-z, 0-9 and inner dashes
 */
public record NodeId(String value) implements Comparable<NodeId> {
    private static final java.util.regex.Pattern VALID =
            java.util.regex.Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

    public NodeId {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "node id must be 1 to 32 characters of a-z, 0-9 and dashes between them: '" + value + "'");
        }
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
