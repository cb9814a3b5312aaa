package dev.assent.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512B}, {@code 64MiB}, {@code 1GiB}; powers of 1,024 only. Stateless. */
public final class Sizes {
    /** The units that are understood, for help texts and error messages. */
    public static final String UNITS = "B, KiB, MiB, GiB";

    private static final List<String> NAMES = List.of("B", "KiB", "MiB", "GiB");
    private static final Pattern TEXT = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB)");

    private Sizes() {}

    /**
     * Reads a whole number and a unit.
     *
     * @return bytes
     * @throws IllegalArgumentException if the text is anything else; MB and GB are refused, because half of their
     *     readers take them for powers of 1,000
     */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size: a whole number and a unit (" + UNITS + "), as in 64MiB");
        }
        int power = NAMES.indexOf(matcher.group(2));
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
    }

    /** Writes what {@link #parse} reads, in the largest unit that keeps it exact. */
    public static String format(long bytes) {
        int power = 0;
        while (power < NAMES.size() - 1 && bytes != 0 && bytes % (1L << (10 * (power + 1))) == 0) {
            power++;
        }
        return (bytes >> (10 * power)) + NAMES.get(power);
    }

    /** Rounds to three digits, for tables: {@code 1.46 MiB}. */
    public static String rounded(long bytes) {
        double value = bytes;
        int power = 0;
        while (value >= 1_024 && power < NAMES.size() - 1) {
            value /= 1_024;
            power++;
        }
        String digits = power == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.3g", value);
        return digits + " " + NAMES.get(power);
    }
}
