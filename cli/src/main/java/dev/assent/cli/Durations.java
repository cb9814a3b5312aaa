package dev.assent.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 10s}, {@code 5min}, {@code 1h}. Stateless. */
public final class Durations {
    /** The units that are understood, for help texts and error messages. */
    public static final String UNITS = "ms, s, min, h";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12}) ?(ms|s|min|m|h)");
    private static final Map<String, Long> UNIT_MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);

    private Durations() {}

    /**
     * Reads a whole number and a unit.
     *
     * @throws IllegalArgumentException if the text is anything else; a number alone is refused, because it would be
     *     taken for seconds by one reader and for milliseconds by the next
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration: a whole number and a unit (" + UNITS + "), as in 10s");
        }
        long unitMillis = UNIT_MILLIS.getOrDefault(matcher.group(2), 1L);
        return Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), unitMillis));
    }

    /** Writes what {@link #parse} reads, in the largest unit that keeps it exact; what is below 1 ms is cut off. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0 || millis % 1_000 != 0) {
            return millis + "ms";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        return millis % 60_000 == 0 ? millis / 60_000 + "min" : millis / 1_000 + "s";
    }
}
