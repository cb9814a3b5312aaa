package dev.assent.protocol;

/**
 * A named database or service, such as {@code inventory-db}; several instances of a participant may serve it.
 *
 * @param value at most {@value #MAX_LENGTH} characters of a-z, 0-9 and inner dashes
 */
public record ResourceName(String value) implements Comparable<ResourceName> {
    /** Longest name, in characters; a branch id must hold it. */
    public static final int MAX_LENGTH = 20;

    public ResourceName {
        Text.checkName("resource name", value, MAX_LENGTH);
    }

    @Override
    public int compareTo(ResourceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
