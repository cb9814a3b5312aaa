package dev.assent.coordinator.config;

import dev.assent.cli.Durations;
import dev.assent.cli.Sizes;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What may stand as the value of a setting.
 *
 * @param allowed completes "allowed: …" in an error message and in the reference
 * @param parser throws {@link IllegalArgumentException} with a reason
 */
record Kind<T>(String allowed, Function<String, T> parser) {
    private static final Pattern HOST_TEXT = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    static final Kind<String> HOST = new Kind<>("a host name or an IP address", text -> {
        if (!HOST_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a host: '" + text + "'");
        }
        return text;
    });
    static final Kind<NodeId> NODE_ID = new Kind<>("1 to 32 characters of a-z, 0-9 and inner dashes", NodeId::new);
    static final Kind<String> CLUSTER_NAME =
            new Kind<>("1 to 16 characters of a-z, 0-9 and inner dashes", ClusterSettings::checkName);
    static final Kind<Integer> PORT = number(1, 65_535);
    static final Kind<Boolean> FLAG = new Kind<>("true or false", text -> {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("neither true nor false");
        }
        return text.equals("true");
    });
    static final Kind<Path> PATH = new Kind<>("a directory; relative to the configuration file", text -> {
        try {
            if (text.isBlank()) {
                throw new IllegalArgumentException("empty");
            }
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path: " + e.getReason(), e);
        }
    });

    static Kind<Integer> number(int min, int max) {
        return new Kind<>("a whole number from " + min + " to " + max, text -> {
            try {
                return within(Integer.valueOf(text), min, max);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("not a whole number in reach", e);
            }
        });
    }

    static Kind<Duration> duration(String min, String max) {
        return new Kind<>(
                "a duration from " + min + " to " + max + " (units: " + Durations.UNITS + ")",
                text -> within(Durations.parse(text), Durations.parse(min), Durations.parse(max)));
    }

    static Kind<Long> size(String min, String max) {
        return new Kind<>(
                "a size from " + min + " to " + max + " (units: " + Sizes.UNITS + ")",
                text -> within(Sizes.parse(text), Sizes.parse(min), Sizes.parse(max)));
    }

    T parse(String text) {
        try {
            return parser.apply(text);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("out of reach", e);
        }
    }

    private static <C extends Comparable<C>> C within(C value, C min, C max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(value.compareTo(min) < 0 ? "too small" : "too large");
        }
        return value;
    }
}
