package dev.assent.sdk;

import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import dev.assent.sdk.internal.session.SessionIdentity;
import dev.assent.sdk.internal.session.SessionListener;
import dev.assent.sdk.internal.session.SessionSettings;
import dev.assent.sdk.internal.session.Sessions;
import dev.assent.sdk.internal.shell.CoordinatorLink;
import java.util.List;
import java.util.Map;

/** How a process comes to its cluster; tests put one of their own in its place. */
@FunctionalInterface
interface Connector {
    /**
     * Dials every node and returns at once.
     *
     * @throws IllegalArgumentException if an address is none
     */
    Connection open(List<String> coordinators, SessionIdentity identity, SessionListener listener);

    /** The way to the leaders, until it is closed. */
    interface Connection extends CoordinatorLink, AutoCloseable {
        /** How it stands with each address, for people. */
        Map<String, String> status();

        @Override
        void close();
    }

    /** Streams to every node. */
    static Connection streams(List<String> coordinators, SessionIdentity identity, SessionListener listener) {
        Sessions sessions = Sessions.open(coordinators, identity, SessionSettings.DEFAULTS, listener);
        return new Connection() {
            @Override
            public void tell(int shard, Notice notice) {
                sessions.tell(shard, notice);
            }

            @Override
            public void ask(int shard, long number, Request request) {
                sessions.ask(shard, number, request);
            }

            @Override
            public Map<String, String> status() {
                return sessions.status();
            }

            @Override
            public void close() {
                sessions.close();
            }
        };
    }
}
