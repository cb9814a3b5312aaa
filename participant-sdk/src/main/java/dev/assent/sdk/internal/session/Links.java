package dev.assent.sdk.internal.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to all nodes: for ever to the addresses that were configured, and to those that the nodes tell of for as long
 * as they do. So a cluster may replace its nodes one by one, in the end all that this process was told about at its start.
 *
 * <p>Of the lists of nodes the newest counts, whoever tells it: a node that lags behind must not bring back one that was
 * removed. The event thread changes; any thread reads.
 */
final class Links implements NodeLink.LinkNeighbours {
    private static final Logger LOG = LoggerFactory.getLogger(Links.class);

    private final List<NodeLink> configured;
    private final NodeLink.LinkContext context;
    private final Set<NodeLink> open = new LinkedHashSet<>();
    private final CountDownLatch allEnded = new CountDownLatch(1);
    private volatile SortedMap<String, NodeLink> learned = new TreeMap<>();
    private SortedMap<String, Address> told = new TreeMap<>();
    private long toldVersion = -1;
    private boolean isClosing;

    /** @param shared what all links share, given that these are the neighbours */
    Links(Set<Address> addresses, Function<NodeLink.LinkNeighbours, NodeLink.LinkContext> shared) {
        this.context = shared.apply(this);
        this.configured = addresses.stream()
                .map(address -> new NodeLink(address, context, ""))
                .toList();
    }

    void connect() {
        open.addAll(configured);
        configured.forEach(NodeLink::connect);
    }

    /** All of them at this moment; the configured ones first. */
    List<NodeLink> all() {
        return Stream.concat(configured.stream(), learned.values().stream()).toList();
    }

    /** Says goodbye on every stream. */
    void close() {
        isClosing = true;
        List.copyOf(open).forEach(NodeLink::close);
        countIfAllEnded();
    }

    /** Waits until every goodbye was taken; not on the event thread. */
    boolean awaitEnd(Duration bound) throws InterruptedException {
        return allEnded.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    }

    void abort() {
        List.copyOf(open).forEach(NodeLink::abort);
    }

    @Override
    public boolean isConnectedTo(String node, NodeLink except) {
        return all().stream().anyMatch(link -> !link.equals(except) && link.isConnectedTo(node));
    }

    @Override
    public void welcomed(NodeLink link) {
        reconcile();
    }

    @Override
    public void membersTold(long version, SortedMap<String, Address> members) {
        if (version < toldVersion || isClosing) {
            return;
        }
        toldVersion = version;
        if (!told.equals(members)) {
            LOG.info("The cluster's nodes are {}", members);
            told = members;
        }
        reconcile();
    }

    @Override
    public void ended(NodeLink link) {
        open.remove(link);
        countIfAllEnded();
    }

    private void countIfAllEnded() {
        if (isClosing && open.isEmpty()) {
            allEnded.countDown();
        }
    }

    /** A second link to a node that a configured one leads to would only take its stream away from it. */
    private void reconcile() {
        if (isClosing) {
            return;
        }
        SortedMap<String, NodeLink> next = new TreeMap<>();
        List<NodeLink> added = new ArrayList<>();
        told.forEach((node, address) -> {
            boolean isConfigured =
                    configured.stream().anyMatch(link -> link.address().equals(address) || link.leadsTo(node));
            NodeLink present = learned.get(node);
            if (isConfigured) {
                return;
            } else if (present != null && present.address().equals(address)) {
                next.put(node, present);
            } else {
                NodeLink link = new NodeLink(address, context, node);
                next.put(node, link);
                added.add(link);
            }
        });
        List<NodeLink> gone = learned.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(next.get(entry.getKey())))
                .map(Map.Entry::getValue)
                .toList();
        learned = next;
        open.addAll(added);
        gone.forEach(NodeLink::retire);
        // A configured address that has never answered may be another name of the same node: it goes first.
        boolean mayBeNamedTwice = configured.stream().anyMatch(link -> link.leadsTo(""));
        added.forEach(
                link -> link.connectAfter(mayBeNamedTwice ? context.settings().lastBackoff() : Duration.ZERO));
    }
}
