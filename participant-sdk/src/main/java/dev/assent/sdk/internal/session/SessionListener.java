package dev.assent.sdk.internal.session;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;

/** Hears what the cluster says. Called one at a time, on the thread that serves all streams: it must return at once. */
public interface SessionListener {
    /**
     * The first node welcomed this process; once, before anything else.
     *
     * @param shards how many shards the cluster has
     */
    void clusterKnown(ClusterId cluster, int shards);

    /**
     * The shard's leader is ready, and what is told and asked from now on goes to it. Given for every announcement, and
     * again when the stream to a leader is opened anew: what was sent before may be lost.
     *
     * @param term the Raft term in which it leads
     */
    void leaderReady(int shard, long term);

    /** The shard gives this process a command or an answer. May be repeated, late, or of a leader that was deposed. */
    void told(int shard, Command command);

    /** The answer to the request of this number. May be repeated. */
    void answered(long number, Answer answer);

    /**
     * A node refuses this process for a reason that asking again does not cure, such as {@code FOREIGN} or
     * {@code UNSUPPORTED_VERSION}. It is asked again all the same, seldom; told once per node and reason.
     *
     * @param reason stable
     * @param detail for people; names the node
     */
    void refusedForGood(String reason, String detail);
}
