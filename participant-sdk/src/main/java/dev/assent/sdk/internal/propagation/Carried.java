package dev.assent.sdk.internal.propagation;

import io.grpc.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What a thread works with, for another thread: gRPC's context, with the transaction in it, and the log's context. */
public final class Carried {
    private final Context context;
    private final @Nullable Map<String, String> log;

    private Carried(Context context, @Nullable Map<String, String> log) {
        this.context = context;
        this.log = log;
    }

    /** This context, and the log's context of this thread. */
    public static Carried with(Context context) {
        return new Carried(context, MDC.getCopyOfContextMap());
    }

    /** Puts it in place of what this thread has, until the entry is closed there. */
    public Entry enter() {
        Entry entry = new Entry(context, context.attach(), MDC.getCopyOfContextMap());
        set(log);
        return entry;
    }

    private static void set(@Nullable Map<String, String> map) {
        if (map == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(map);
        }
    }

    /** Gives back what was there before. */
    public record Entry(
            Context mine, Context before, @Nullable Map<String, String> log) implements AutoCloseable {
        @Override
        public void close() {
            mine.detach(before);
            set(log);
        }
    }
}
