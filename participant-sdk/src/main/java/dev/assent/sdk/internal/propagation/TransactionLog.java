package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.Xid;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The transaction in the log's context (MDC, key {@code xid}), for as long as a thread works in it. */
public final class TransactionLog {
    private static final String KEY = "xid";

    private TransactionLog() {}

    /** Puts the transaction there until the entry is closed, on the same thread. */
    public static Entry enter(Xid xid) {
        Entry entry = new Entry(MDC.get(KEY));
        MDC.put(KEY, xid.toString());
        return entry;
    }

    /** Takes the transaction out of there until the entry is closed, on the same thread. */
    public static Entry leave() {
        Entry entry = new Entry(MDC.get(KEY));
        MDC.remove(KEY);
        return entry;
    }

    /** Gives back what was there before. */
    public static final class Entry implements AutoCloseable {
        private final @Nullable String before;

        private Entry(@Nullable String before) {
            this.before = before;
        }

        @Override
        public void close() {
            if (before == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, before);
            }
        }
    }
}
