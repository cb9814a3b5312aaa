package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.Frame;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's streams to all nodes of its cluster. What is told and asked goes to the leader of the shard, as far as one
 * is known, and is dropped otherwise: whoever needs an answer repeats on {@link SessionListener#leaderReady}. Thread-safe.
 */
public final class Sessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final SessionSettings settings;
    private final Channels channels;
    private final ClusterView cluster;
    private final Links links;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /**
     * Dials every node and returns at once; the nodes tell of those that are not named.
     *
     * @param addresses of nodes, each {@code host:port}; one that answers is enough
     * @param listener hears what the nodes say from now on
     * @throws IllegalArgumentException if there is no address, or one that is none
     */
    public static Sessions open(
            List<String> addresses, SessionIdentity identity, SessionSettings settings, SessionListener listener) {
        Set<Address> nodes = new LinkedHashSet<>();
        addresses.forEach(address -> nodes.add(Address.parse(address)));
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("at least one node's address must be given");
        }
        Sessions sessions = new Sessions(nodes, identity, settings, listener);
        sessions.channels.events().execute(() -> sessions.links.connect());
        return sessions;
    }

    private Sessions(Set<Address> nodes, SessionIdentity identity, SessionSettings settings, SessionListener listener) {
        this.settings = settings;
        this.channels = new Channels(settings.welcomeTimeout());
        this.cluster = new ClusterView(identity.cluster(), listener);
        this.links = new Links(
                nodes,
                neighbours -> new NodeLink.LinkContext(identity, settings, listener, channels, cluster, neighbours));
    }

    /**
     * Waits for the first welcome.
     *
     * @throws TimeoutException if no node welcomed this process within the bound; says of each address why
     */
    public ClusterId awaitCluster(Duration bound) throws InterruptedException, TimeoutException {
        return cluster.await(bound)
                .orElseThrow(() -> new TimeoutException(
                        "no node welcomed this process within " + bound.toMillis() + " ms: " + shown(status())));
    }

    /** Tells the leader of the shard something. Never blocks; dropped if no leader is known. */
    public void tell(int shard, Notice notice) {
        NodeStream leader = cluster.leader(shard);
        if (leader != null && !isClosed.get()) {
            leader.add(InstanceFrames.notice(shard, notice));
        }
    }

    /**
     * Asks the leader of the shard for something. Never blocks; dropped if no leader is known.
     *
     * @param number names the request, and its answer; unique within this life of the process
     * @throws IllegalArgumentException if it is nothing that a process asks for: an operator's wish, or a begin without
     *     a number
     */
    public void ask(int shard, long number, Request request) {
        Frame frame = InstanceFrames.request(number, request);
        NodeStream leader = cluster.leader(shard);
        if (leader != null && !isClosed.get()) {
            leader.add(frame);
        }
    }

    /** Whether any node has welcomed this process on a stream that lives. */
    public boolean isConnected() {
        return links.all().stream().anyMatch(NodeLink::isConnected);
    }

    /** How it stands with each address, for people. */
    public Map<String, String> status() {
        Map<String, String> status = new LinkedHashMap<>();
        links.all().forEach(link -> status.put(link.address().toString(), link.status()));
        return status;
    }

    /** Why nothing reaches the shard's leader, for people; empty if it is known. */
    public String whyUnreachable(int shard) {
        if (shard < cluster.shards() && cluster.leader(shard) != null) {
            return "";
        }
        return "no leader of shard " + shard + " known; " + shown(status());
    }

    /** Says goodbye on every stream, sends what waits, and closes; waits at most {@code closeTimeout}. */
    @Override
    public void close() {
        if (isClosed.getAndSet(true)) {
            return;
        }
        channels.events().execute(links::close);
        boolean isInterrupted = false;
        try {
            // On the event thread waiting would keep the goodbyes from being said.
            boolean mayWait = !channels.isEventThread();
            if (mayWait && !links.awaitEnd(settings.closeTimeout())) {
                LOG.info("Not every node took the goodbye in time; it finds out when the session lease ends");
            }
        } catch (InterruptedException interrupted) {
            isInterrupted = true;
        }
        channels.events().execute(() -> {
            links.abort();
            channels.close();
        });
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String shown(Map<String, String> status) {
        return status.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
