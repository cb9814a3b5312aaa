package dev.assent.coordinator.session;

import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;

/** What one frame of an instance turned out to be. */
sealed interface Arrival {
    /** Something for the shard to note. */
    record Told(int shard, Notice notice) implements Arrival {}

    /**
     * Something for the shard to answer.
     *
     * @param number made by the instance
     */
    record Asked(int shard, long number, Request request) implements Arrival {}

    /** A kind that a newer peer knows: skipped. */
    record Unknown(int kind) implements Arrival {}

    /**
     * Breaks the contract: the stream ends.
     *
     * @param problem names the kind and the field
     */
    record Malformed(String problem) implements Arrival {}
}
