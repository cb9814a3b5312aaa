package dev.assent.coordinator.shard;

import dev.assent.protocol.coordinator.Input;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What waits in a shard's inbox: one item per arrival, in the order of arrival. */
sealed interface Item {
    /** What came in one message. */
    record Arrived(List<Input> inputs, Runnable done) implements Item {}

    /** Raft made this node the leader. */
    record Won() implements Item {}

    /** Raft took the leadership. */
    record Lost() implements Item {}

    /** An entry of the log was applied. */
    record PackApplied(long loop, long number, List<Input.Applied> records) implements Item {}

    /** A pack is not and will not be in the log. */
    record PackRefused(long loop, long number, String reason) implements Item {}

    /** The log died. */
    record LogFailed(String cause) implements Item {}

    /** Somebody wants to look at the core. */
    record Asked<T>(ShardQuestion<T> question, CompletableFuture<T> answer) implements Item {
        void answerFrom(Core core, long nowNanos) {
            // Completed elsewhere: what hangs on the future must neither hold the shard's thread nor break its turn. A
            // question that fails is the asker's trouble, since it can have changed nothing.
            try {
                T told = question.ask(core, nowNanos);
                answer.completeAsync(() -> told);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }
}
