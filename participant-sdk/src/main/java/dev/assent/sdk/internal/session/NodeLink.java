package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.Leadership;
import dev.assent.proto.v1.Welcome;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a stream to the node at one address, dialling again whenever it ends. Lives on the event thread. */
final class NodeLink {
    static final int VERSION = 1;

    private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

    private final Address address;
    private final LinkContext context;
    private final Set<String> refusalsTold = new HashSet<>();
    private @Nullable NodeStream stream;
    private @Nullable NodeFrames reader;
    private String node;
    private int failures;
    private long welcomedNanos;
    private boolean isClosing;
    private volatile boolean isConnected;
    private volatile String status = "has not answered yet";

    /** What all links of a process share. */
    record LinkContext(
            SessionIdentity identity,
            SessionSettings settings,
            SessionListener listener,
            Channels channels,
            ClusterView cluster,
            LinkNeighbours neighbours) {}

    /** The links of the other addresses. */
    interface LinkNeighbours {
        /** Whether another link has a stream to this node: two addresses may lead to one node. */
        boolean isConnectedTo(String node, NodeLink except);

        /** The link has a stream, and knows which node it leads to. */
        void welcomed(NodeLink link);

        /**
         * A node tells where all nodes of the cluster are.
         *
         * @param version of two lists the one with the greater version is the newer one
         */
        void membersTold(long version, SortedMap<String, Address> members);

        /** The link was closed and has no stream any more. */
        void ended(NodeLink link);
    }

    /** @param node that is said to listen there; empty if nobody says so */
    NodeLink(Address address, LinkContext context, String node) {
        this.address = address;
        this.context = context;
        this.node = node;
    }

    Address address() {
        return address;
    }

    /** Whether the node has welcomed this process on a stream that lives; any thread. */
    boolean isConnected() {
        return isConnected;
    }

    boolean isConnectedTo(String otherNode) {
        return isConnected && node.equals(otherNode);
    }

    /** Whether that node was there when it was last connected; empty stands for never. */
    boolean leadsTo(String otherNode) {
        return node.equals(otherNode);
    }

    /** For people; any thread. */
    String status() {
        return status;
    }

    void connectAfter(Duration wait) {
        dialAgainAfter(wait);
    }

    void connect() {
        if (isClosing || stream != null) {
            return;
        }
        if (!node.isEmpty() && context.neighbours().isConnectedTo(node, this)) {
            // The node keeps one stream per process: dialling would end the other one.
            status = "leads to node " + node + " too";
            dialAgainAfter(context.settings().lastBackoff());
            return;
        }
        NodeStream dialled =
                new NodeStream(this, context.channels(), context.channels().dial(address), context.settings());
        stream = dialled;
        dialled.start(hello());
    }

    void close() {
        isClosing = true;
        NodeStream open = stream;
        if (open == null) {
            context.neighbours().ended(this);
        } else {
            open.leave();
        }
    }

    /** The node is none of the cluster's any more: without a goodbye, by which it would take this process for ended. */
    void retire() {
        isClosing = true;
        NodeStream open = stream;
        if (open == null) {
            context.neighbours().ended(this);
        } else {
            open.end(new StreamEnd("REMOVED", "the node is no member of the cluster any more"));
        }
    }

    /** Ends the stream at once, goodbye or not. */
    void abort() {
        NodeStream open = stream;
        if (open != null) {
            open.end(new StreamEnd("CLOSED", "closed"));
        }
    }

    /** Checks the node's welcome. */
    Optional<StreamEnd> welcomed(NodeStream from, Welcome welcome) {
        if (welcome.getVersion() != VERSION) {
            return Optional.of(StreamEnd.malformed("it wants version " + welcome.getVersion() + " to be spoken"));
        }
        long leaseMillis = Integer.toUnsignedLong(welcome.getSessionLeaseMillis());
        if (leaseMillis == 0 || welcome.getNode().isEmpty() || welcome.getNode().length() > 32) {
            return Optional.of(StreamEnd.malformed("session_lease_millis and node must be set"));
        }
        try {
            Optional<StreamEnd> refusal = context.cluster().accept(welcome);
            if (refusal.isPresent()) {
                return refusal;
            }
        } catch (IllegalArgumentException malformed) {
            return Optional.of(StreamEnd.malformed("welcome: " + malformed.getMessage()));
        }
        node = welcome.getNode();
        isConnected = true;
        welcomedNanos = System.nanoTime();
        refusalsTold.clear();
        status = "connected to node " + node;
        LOG.info("Connected to node {} of cluster {} at {}", node, welcome.getCluster(), address);
        reader = new NodeFrames(ClusterId.parse(welcome.getCluster()), welcome.getShards());
        from.keepAlive(TimeUnit.MILLISECONDS.toNanos(leaseMillis));
        context.neighbours().welcomed(this);
        return leads(from, welcome.getLeadsList());
    }

    /** Takes the frames of one message, in order. */
    Optional<StreamEnd> took(NodeStream from, List<Frame> frames) {
        for (Frame frame : frames) {
            NodeFrames frameReader = reader;
            if (frameReader == null || from != stream) {
                return Optional.empty();
            }
            NodeWord word = frameReader.read(frame);
            if (word instanceof NodeWord.Malformed malformed) {
                return Optional.of(StreamEnd.malformed(malformed.problem()));
            } else if (word instanceof NodeWord.Leading leading) {
                context.cluster().announced(from, leading.shard(), leading.term());
            } else if (word instanceof NodeWord.Told told) {
                context.listener().told(told.shard(), told.command());
            } else if (word instanceof NodeWord.Answered answered) {
                context.listener().answered(answered.number(), answered.answer());
            } else if (word instanceof NodeWord.Members members) {
                context.neighbours().membersTold(members.version(), members.addresses());
            } else if (word instanceof NodeWord.Unknown unknown) {
                LOG.debug("Skipped a frame of kind {}, which newer versions know", unknown.kind());
            }
        }
        return Optional.empty();
    }

    /** The stream is over: dials again, after a while. */
    void ended(NodeStream over, StreamEnd end) {
        if (over != stream) {
            return;
        }
        boolean wasConnected = isConnected;
        stream = null;
        reader = null;
        isConnected = false;
        context.cluster().forget(over);
        if (isClosing) {
            context.neighbours().ended(this);
            return;
        }
        boolean hasLived = wasConnected
                && System.nanoTime() - welcomedNanos
                        > context.settings().lastBackoff().toNanos();
        failures = hasLived ? 1 : failures + 1;
        if (end.isForGood() && !wasConnected) {
            status = "refused: " + end;
            tellRefusal(end);
            dialAgainAfter(context.settings().refusedBackoff());
        } else {
            status = (wasConnected ? "lost: " : "failed: ") + end;
            if (wasConnected || failures == 1) {
                LOG.info("No stream to the node at {}: {}", address, end);
            }
            dialAgainAfter(backoff());
        }
    }

    private Optional<StreamEnd> leads(NodeStream from, List<Leadership> leads) {
        for (Leadership lead : leads) {
            boolean isShard =
                    lead.getShard() >= 0 && lead.getShard() < context.cluster().shards();
            if (!isShard || lead.getTerm() < 1 || lead.getTerm() > Xid.MAX_NUMBER) {
                return Optional.of(StreamEnd.malformed("leads: no such shard or term"));
            }
            context.cluster().announced(from, lead.getShard(), lead.getTerm());
        }
        return Optional.empty();
    }

    private Hello hello() {
        SessionIdentity identity = context.identity();
        Hello.Builder hello = Hello.newBuilder()
                .setOldestVersion(VERSION)
                .setNewestVersion(VERSION)
                .setInstance(identity.instance().incarnation())
                .setName(identity.name())
                .setCluster(context.cluster().cluster().map(ClusterId::toString).orElse(""))
                .setSoftware(identity.software());
        identity.resources().forEach(resource -> hello.addResources(resource.value()));
        return hello.build();
    }

    private void tellRefusal(StreamEnd end) {
        if (refusalsTold.add(end.reason())) {
            LOG.warn("The node at {} refuses this process: {}", address, end);
            context.listener().refusedForGood(end.reason(), address + ": " + end.text());
        }
    }

    private Duration backoff() {
        long longest = context.settings().lastBackoff().toMillis();
        long doubled = context.settings().firstBackoff().toMillis() << Math.min(failures - 1, 20);
        long millis = Math.min(longest, doubled);
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private void dialAgainAfter(Duration wait) {
        Future<?> unused = context.channels().events().schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
    }
}
