package dev.assent.sdk.internal.session;

import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;

/** What one frame of a node turned out to be. */
sealed interface NodeWord {
    /** The node leads the shard in this term and is ready. */
    record Leading(int shard, long term) implements NodeWord {}

    /** A command, or an answer to a branch. */
    record Told(int shard, Command command) implements NodeWord {}

    /** The answer to a request. */
    record Answered(long number, Answer answer) implements NodeWord {}

    /** A kind that a newer node knows: skipped. */
    record Unknown(int kind) implements NodeWord {}

    /**
     * Breaks the contract: the stream ends.
     *
     * @param problem names the kind and the field
     */
    record Malformed(String problem) implements NodeWord {}
}
