package dev.assent.sdk.internal.propagation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of calls within a transaction: the numbers of the calls that lead to it, {@code 2.1} being the first call that the
 * initiator's second call made. No two calls of a transaction share one, without anybody agreeing on anything.
 */
final class CallPath {
    /** Longest name, in characters; deeper ones are hashed. */
    static final int MAX_LENGTH = 120;

    private CallPath() {}

    /** The name of a call with this number, made by the call of that name. */
    static String child(String parent, long number) {
        String path = parent.isEmpty() ? Long.toString(number) : parent + "." + number;
        return path.length() <= MAX_LENGTH ? path : hash(path);
    }

    /** Whether somebody else's text can be such a name. */
    static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '.');
    }

    private static String hash(String path) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
