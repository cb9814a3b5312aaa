package dev.assent.sdk.internal.session;

import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.SortedMap;

/** What one frame of a node turned out to be. */
sealed interface NodeWord {
    /** The node leads the shard in this term and is ready. */
    record Leading(int shard, long term) implements NodeWord {}

    /** A command, or an answer to a branch. */
    record Told(int shard, Command command) implements NodeWord {}

    /** The answer to a request. */
    record Answered(long number, Answer answer) implements NodeWord {}

    /**
     * Where all nodes of the cluster are.
     *
     * @param version of two lists the one with the greater version is the newer one
     * @param addresses by node id, at most {@value #MAX_MEMBERS}
     */
    record Members(long version, SortedMap<String, Address> addresses) implements NodeWord {
        /** Twice as many as a cluster has: those before and after a change. */
        static final int MAX_MEMBERS = 18;
    }

    /** A kind that a newer node knows: skipped. */
    record Unknown(int kind) implements NodeWord {}

    /**
     * Breaks the contract: the stream ends.
     *
     * @param problem names the kind and the field
     */
    record Malformed(String problem) implements NodeWord {}
}
