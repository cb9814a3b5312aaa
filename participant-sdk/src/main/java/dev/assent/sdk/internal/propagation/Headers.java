package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.Xid;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a call carries of its transaction.
 *
 * @param xid the transaction
 * @param call names the call within it
 * @param remaining of the transaction's timeout, when the call left
 * @param isAttempt whether the callee is asked to undo its work if it fails
 */
record Headers(Xid xid, String call, Duration remaining, boolean isAttempt) {
    static final Metadata.Key<String> XID = key("assent-xid");
    static final Metadata.Key<String> CALL = key("assent-call");
    static final Metadata.Key<String> REMAINING_MILLIS = key("assent-remaining-millis");

    static final Metadata.Key<String> ATTEMPT = key("assent-attempt");

    /** Trailer: what ran below the call. */
    static final Metadata.Key<String> REPORT = key("assent-report");

    /** Trailer of a call that failed: all that it did in the transaction is undone. */
    static final Metadata.Key<String> UNDONE = key("assent-undone");

    /** Of headers and trailers that say something by being there. */
    static final String YES = "1";

    private static final int MAX_DIGITS = 9;

    void writeTo(Metadata metadata) {
        metadata.discardAll(XID);
        metadata.discardAll(CALL);
        metadata.discardAll(REMAINING_MILLIS);
        metadata.discardAll(ATTEMPT);
        if (isAttempt) {
            metadata.put(ATTEMPT, YES);
        }
        metadata.put(XID, xid.toString());
        metadata.put(CALL, call);
        metadata.put(REMAINING_MILLIS, Long.toString(Math.max(1, remaining.toMillis())));
    }

    /**
     * Reads what a caller sent, whom nobody has checked.
     *
     * @return empty if the call belongs to no transaction
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static Optional<Headers> read(Metadata metadata) {
        String xid = single(metadata, XID);
        String call = single(metadata, CALL);
        String millis = single(metadata, REMAINING_MILLIS);
        if (xid == null && call == null && millis == null) {
            return Optional.empty();
        }
        if (xid == null || call == null || millis == null) {
            throw new IllegalArgumentException(
                    "a call of a transaction carries assent-xid, assent-call and assent-remaining-millis");
        }
        if (!CallPath.isValid(call)) {
            throw new IllegalArgumentException(
                    "assent-call must be numbers joined by dots, at most " + CallPath.MAX_LENGTH + " characters");
        }
        if (millis.isEmpty() || millis.length() > MAX_DIGITS || !millis.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("assent-remaining-millis must be a number of milliseconds");
        }
        String attempt = single(metadata, ATTEMPT);
        if (attempt != null && !attempt.equals(YES)) {
            throw new IllegalArgumentException("assent-attempt is 1 or not given");
        }
        return Optional.of(
                new Headers(Xid.parse(xid), call, Duration.ofMillis(Long.parseLong(millis)), attempt != null));
    }

    private static @Nullable String single(Metadata metadata, Metadata.Key<String> key) {
        Iterable<String> values = metadata.getAll(key);
        if (values == null) {
            return null;
        }
        String found = null;
        for (String value : values) {
            if (found != null) {
                throw new IllegalArgumentException(key.name() + " is given twice");
            }
            found = value;
        }
        return found;
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
