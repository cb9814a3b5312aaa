package dev.assent.coordinator.replication;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.ServerNotReadyException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.jspecify.annotations.Nullable;

/** What it means that an append did not succeed. The difference between "no" and "not known" is a transaction's fate. */
enum AppendFailure {
    /** Nothing was appended and this node may still lead: the records may be submitted again. */
    REFUSED,
    /**
     * The entry may commit under the next leader, or never: its records are neither decided nor undecided until
     * somebody applies an entry of a later term. The end of the leadership is told apart from this.
     */
    LEADERSHIP_OVER,
    /** Our own pack did not pass the check that keeps unreadable entries out of the log. */
    INVALID,
    /**
     * Nobody knows whether it was appended, and this node may lead on. It can neither be submitted again nor be waited
     * for with any certainty, so the leadership must end: that settles it.
     */
    UNCERTAIN;

    /** Null if the append succeeded. */
    static @Nullable AppendFailure of(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (failure == null && reply != null && reply.isSuccess()) {
            return null;
        }
        return of(failure != null ? failure : reply == null ? null : reply.getException());
    }

    static AppendFailure of(@Nullable Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Before the next question: a leader that is not ready is a kind of server that is not, but stays the leader.
        if (cause instanceof LeaderNotReadyException || cause instanceof LeaderSteppingDownException) {
            return REFUSED;
        }
        if (cause instanceof NotLeaderException
                || cause instanceof AlreadyClosedException
                || cause instanceof ServerNotReadyException) {
            return LEADERSHIP_OVER;
        }
        if (cause instanceof ResourceUnavailableException) {
            return isBeforeAppend(cause) ? REFUSED : UNCERTAIN;
        }
        return cause instanceof StateMachineException ? INVALID : UNCERTAIN;
    }

    /** Raft says "acquire" while it waits for room, and uses the same exception once after it has appended. */
    private static boolean isBeforeAppend(Throwable unavailable) {
        return unavailable.getMessage() != null && unavailable.getMessage().contains("Failed to acquire");
    }
}
