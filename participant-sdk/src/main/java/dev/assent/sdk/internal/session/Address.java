package dev.assent.sdk.internal.session;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node listens.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65,535
 */
record Address(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]\\s/]+)):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host:port}, or {@code [IPv6 address]:port}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    static Address parse(String text) {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(3)) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("a node's address must be <host>:<port> with a port from 1 to "
                    + MAX_PORT + ", not '" + text + "'");
        }
        return new Address(matcher.group(1) != null ? matcher.group(1) : matcher.group(2), port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
