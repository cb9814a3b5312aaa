package dev.assent.protocol;

/** Checks of the ASCII names and numbers that identifiers are made of. */
final class Text {
    private Text() {}

    /** Lower-case letters, digits and inner dashes: safe in XA identifiers, SQL literals, file names and URLs. */
    static void checkName(String what, String name, int maxBytes) {
        if (name.isEmpty() || name.length() > maxBytes) {
            throw new IllegalArgumentException(
                    what + " must have 1 to " + maxBytes + " characters, not " + name.length() + ": " + shown(name));
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean inner = i > 0 && i < name.length() - 1;
            if (!isLowerOrDigit(c) && !(c == '-' && inner)) {
                throw new IllegalArgumentException(
                        what + " may hold a-z, 0-9 and dashes between them only: " + shown(name));
            }
        }
    }

    /** Lower-case letters and digits only, of exactly this length: what random identities are written in. */
    static void checkToken(String what, String token, int bytes) {
        if (token.length() != bytes || !token.chars().allMatch(c -> isLowerOrDigit((char) c))) {
            throw new IllegalArgumentException(
                    what + " must be " + bytes + " characters of a-z and 0-9: " + shown(token));
        }
    }

    /** A decimal number without sign, leading zeros or blanks, so that a number has one spelling only. */
    static long number(String what, String digits, long max) {
        boolean canonical = !digits.isEmpty()
                && digits.length() <= 18
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        long value = canonical ? Long.parseLong(digits) : -1;
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " must be a number from 0 to " + max + ": " + shown(digits));
        }
        return value;
    }

    /** The text, shortened and printable, for an error message about input that nobody has checked. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder("'");
        int length = Math.min(text.length(), 80);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            shown.append(c >= ' ' && c < 127 ? c : '?');
        }
        return shown.append(text.length() > length ? "…'" : "'").toString();
    }

    private static boolean isLowerOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
