package dev.assent.protocol.initiator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.CallSums.BranchCalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the answer of a call says about everything below it: which branches were enlisted there, how many calls ran in
 * each, and whether a call there forbids the commit. Without it, a call whose answer was lost, or that a transport's
 * retry ran a second time elsewhere, could commit half a transaction in silence.
 *
 * @param sums the branches at or below the callee
 * @param forbids why the transaction must not commit, if so; for people, at most {@value #MAX_REASON_LENGTH} characters,
 *     longer ones are cut
 */
public record CallReport(CallSums sums, Optional<String> forbids) {
    /** Longest text form, in bytes: a trailer must fit into the 8 KiB that gRPC allows for all of them. */
    public static final int MAX_BYTES = 7_000;

    /** Longest reason, in characters. */
    public static final int MAX_REASON_LENGTH = 200;

    /** Most calls that are counted in one branch. */
    static final int MAX_CALLS = 999_999_999;

    private static final String VERSION = "1";
    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .:'()/_-";

    /** Nothing ran below, and everything is known. */
    public static final CallReport EMPTY = new CallReport(new CallSums(List.of(), true), Optional.empty());

    public CallReport {
        forbids = forbids.map(CallReport::cut);
    }

    /**
     * ASCII text for a header or trailer. A report that would be too long is replaced by one that forbids the commit:
     * cut short, it would be taken for the whole account.
     */
    public String encode() {
        String text = write();
        return text.length() <= MAX_BYTES
                ? text
                : new CallReport(
                                new CallSums(List.of(), false),
                                Optional.of("the branches below a call do not fit into its answer"))
                        .write();
    }

    private String write() {
        StringBuilder text = new StringBuilder(VERSION)
                .append(';')
                .append(sums.isComplete() ? 'c' : 'i')
                .append(';');
        String separator = "";
        for (BranchCalls calls : sums.branches()) {
            text.append(separator).append(calls.branch()).append('=').append(calls.calls());
            separator = ",";
        }
        text.append(';');
        forbids.ifPresent(why -> text.append('!').append(escape(why)));
        return text.toString();
    }

    /**
     * Reads what {@link #encode()} wrote, from a callee that nobody has checked.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static CallReport parse(String text) {
        String[] parts = text.length() > MAX_BYTES ? new String[0] : text.split(";", -1);
        boolean isWellFormed = parts.length == 4
                && parts[0].equals(VERSION)
                && (parts[1].equals("c") || parts[1].equals("i"))
                && (parts[3].isEmpty() || parts[3].startsWith("!"));
        if (!isWellFormed) {
            throw new IllegalArgumentException("not a call report of version " + VERSION + ", or too long");
        }
        List<BranchCalls> branches = new ArrayList<>();
        if (!parts[2].isEmpty()) {
            for (String entry : parts[2].split(",", -1)) {
                branches.add(parseCalls(entry));
            }
        }
        Optional<String> forbids = parts[3].isEmpty() ? Optional.empty() : Optional.of(unescape(parts[3].substring(1)));
        return new CallReport(new CallSums(branches, parts[1].equals("c")), forbids);
    }

    private static BranchCalls parseCalls(String entry) {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("a call report names branches as <branch>=<calls>");
        }
        String digits = entry.substring(equals + 1);
        boolean isCanonical = digits.length() >= 1
                && digits.length() <= 9
                && digits.charAt(0) != '0'
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isCanonical) {
            throw new IllegalArgumentException("a call report counts calls from 1 to 999999999");
        }
        return new BranchCalls(BranchId.parse(entry.substring(0, equals)), Integer.parseInt(digits));
    }

    private static String escape(String why) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : why.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(b) >= 0) {
                escaped.append((char) b);
            } else {
                escaped.append('%')
                        .append(Character.forDigit((b >> 4) & 0xF, 16))
                        .append(Character.forDigit(b & 0xF, 16));
            }
        }
        return escaped.toString();
    }

    private static String unescape(String escaped) {
        byte[] bytes = new byte[escaped.length()];
        int length = 0;
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '%' && i + 2 < escaped.length()) {
                int high = Character.digit(escaped.charAt(i + 1), 16);
                int low = Character.digit(escaped.charAt(i + 2), 16);
                bytes[length++] = high < 0 || low < 0 ? (byte) '?' : (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = c >= ' ' && c < 127 ? (byte) c : (byte) '?';
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static String cut(String why) {
        return why.length() <= MAX_REASON_LENGTH ? why : why.substring(0, MAX_REASON_LENGTH - 1) + "…";
    }
}
