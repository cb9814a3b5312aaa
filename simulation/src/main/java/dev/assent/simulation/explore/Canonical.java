package dev.assent.simulation.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What matters of a state that was written as text, as text again. Of an instant remains whether it has passed, is to
 * come, or never comes; counters of repetitions stop where they stop mattering; words for people go. The order of lists
 * goes too: enlistments, rows and processes are sets, and the order in which a core goes through them decides nothing but
 * the order of effects, which a world without order in its messages cannot see.
 */
final class Canonical {
    /** From here on a shard's further repetitions differ in their pauses alone. */
    private static final int ENOUGH_ATTEMPTS = 2;

    private final long nowNanos;
    private final String text;
    private int at;

    private Canonical(String text, long nowNanos) {
        this.text = text;
        this.nowNanos = nowNanos;
    }

    /**
     * @param text fields as records write them, nested in brackets
     * @param nowNanos the clock of the one who wrote it
     */
    static String of(String text, long nowNanos) {
        return new Canonical(text, nowNanos).group();
    }

    /** A 64-bit hash of a text (FNV-1a, then mixed). */
    static long hash(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    /** Spreads every bit over all of them (Stafford's variant 13). */
    static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** Sorted again after names were exchanged. */
    static String sorted(String canonical) {
        return of(canonical, Long.MIN_VALUE);
    }

    private String group() {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '[' || c == '{') {
                part.append('[').append(group()).append(']');
            } else if (c == ']' || c == '}') {
                break;
            } else if (c == ',' || c == '\n') {
                add(part, parts);
            } else if (c != ' ' || part.length() > 0) {
                part.append(c);
            }
        }
        add(part, parts);
        Collections.sort(parts);
        return String.join(",", parts);
    }

    private void add(StringBuilder part, List<String> parts) {
        if (part.length() > 0) {
            String kept = kept(part.toString());
            if (!kept.isEmpty()) {
                parts.add(kept);
            }
            part.setLength(0);
        }
    }

    private String kept(String part) {
        int equals = part.indexOf('=');
        int bracket = part.indexOf('[');
        if (equals < 0 || (bracket >= 0 && bracket < equals)) {
            return part;
        }
        String key = part.substring(0, equals);
        String value = part.substring(equals + 1);
        if (key.endsWith(" lastEndedNanos")) {
            // Nothing is forgotten in this world: its outcomes fit into the memory that they may take.
            return "";
        }
        return switch (key) {
            case "sinceNanos", "readyNanos", "leaseEndNanos", "endNanos", "failures", "lastError", "cause", "reason" ->
                "";
            case "attempts" -> key + "=" + Math.min(Integer.parseInt(value), ENOUGH_ATTEMPTS);
            default -> key.endsWith("Nanos") && nowNanos != Long.MIN_VALUE ? key + "=" + instant(value) : part;
        };
    }

    private String instant(String value) {
        long nanos = Long.parseLong(value);
        if (nanos == Long.MAX_VALUE) {
            return "never";
        }
        return nanos <= nowNanos ? "past" : "armed";
    }
}
