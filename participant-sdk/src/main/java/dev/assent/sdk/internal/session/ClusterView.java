package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.Welcome;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which cluster this process belongs to, and who leads its shards. Any thread reads; the event thread alone changes. */
final class ClusterView {
    private final Optional<ClusterId> expected;
    private final SessionListener listener;
    private final CountDownLatch isKnown = new CountDownLatch(1);
    private final Map<NodeStream, Map<Integer, Long>> announced = new HashMap<>();
    private volatile @Nullable Known known;

    /**
     * @param leaders per shard the stream to its leader, or null
     */
    private record Known(ClusterId cluster, AtomicReferenceArray<@Nullable NodeStream> leaders) {}

    ClusterView(Optional<ClusterId> expected, SessionListener listener) {
        this.expected = expected;
        this.listener = listener;
    }

    /** The cluster to ask for: empty before the first welcome of a process that was not told. */
    Optional<ClusterId> cluster() {
        Known now = known;
        return now == null ? expected : Optional.of(now.cluster());
    }

    /** The cluster, once a node has welcomed this process; waits for that at most so long. */
    Optional<ClusterId> await(Duration bound) throws InterruptedException {
        return isKnown.await(bound.toNanos(), TimeUnit.NANOSECONDS) ? cluster() : Optional.empty();
    }

    /**
     * Takes the first cluster that welcomes, and no other.
     *
     * @return why the welcome is not accepted
     * @throws IllegalArgumentException if it is malformed
     */
    Optional<StreamEnd> accept(Welcome welcome) {
        ClusterId cluster = ClusterId.parse(welcome.getCluster());
        int shards = welcome.getShards();
        if (shards < 1 || shards > Xid.MAX_SHARD + 1) {
            throw new IllegalArgumentException("shards must be 1 to " + (Xid.MAX_SHARD + 1) + ", not " + shards);
        }
        ClusterId own = cluster().orElse(cluster);
        if (!own.equals(cluster)) {
            return Optional.of(
                    new StreamEnd(StreamEnd.FOREIGN, "the node is of cluster " + cluster + ", this process of " + own));
        }
        Known now = known;
        if (now == null) {
            known = new Known(cluster, new AtomicReferenceArray<>(shards));
            listener.clusterKnown(cluster, shards);
            isKnown.countDown();
        } else if (now.leaders().length() != shards) {
            return Optional.of(new StreamEnd(
                    StreamEnd.FOREIGN,
                    "the node counts " + shards + " shards, the others "
                            + now.leaders().length()));
        }
        return Optional.empty();
    }

    /** How many shards the cluster has; 0 before it is known. */
    int shards() {
        Known now = known;
        return now == null ? 0 : now.leaders().length();
    }

    /** The stream to the leader of the shard, as far as known. */
    @Nullable
    NodeStream leader(int shard) {
        Known now = known;
        return now == null ? null : now.leaders().get(shard);
    }

    /** A node says that it leads. An older leader that does not know of its successor yet changes nothing. */
    void announced(NodeStream from, int shard, long term) {
        announced.computeIfAbsent(from, unused -> new HashMap<>()).put(shard, term);
        choose(shard);
        if (from.equals(leader(shard))) {
            listener.leaderReady(shard, term);
        }
    }

    /** What was announced over a broken stream is forgotten: the node may have lost everything since. */
    void forget(NodeStream broken) {
        Map<Integer, Long> shards = announced.remove(broken);
        if (shards != null) {
            shards.keySet().forEach(this::choose);
        }
    }

    private void choose(int shard) {
        Known now = known;
        if (now == null) {
            return;
        }
        NodeStream best = null;
        long bestTerm = 0;
        for (Map.Entry<NodeStream, Map<Integer, Long>> entry : announced.entrySet()) {
            long term = entry.getValue().getOrDefault(shard, 0L);
            if (term > bestTerm) {
                bestTerm = term;
                best = entry.getKey();
            }
        }
        now.leaders().set(shard, best);
    }
}
