package dev.assent.coordinator.session;

import dev.assent.coordinator.shard.ShardInbox;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Leadership;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which instance has which stream to this node, and what new ones are told about leaders. Opening and closing are
 * serialised, or the end of a replaced stream could reach a shard after the opening of its successor and close that.
 */
final class SessionTable {
    private final List<ShardInbox> inboxes;
    private final Map<String, InstanceStream> streams = new ConcurrentHashMap<>();
    private final SortedMap<Integer, Long> leads = new TreeMap<>();
    private List<Frame> members = List.of();

    SessionTable(List<ShardInbox> inboxes) {
        this.inboxes = List.copyOf(inboxes);
    }

    /**
     * From now on the stream gets what is sent to its instance.
     *
     * @return the stream that it replaces
     */
    synchronized @Nullable InstanceStream open(InstanceStream stream, Input.SessionOpened opened) {
        InstanceStream replaced = streams.put(opened.instance().incarnation(), stream);
        offerToAll(opened);
        if (!members.isEmpty()) {
            stream.send(members);
        }
        return replaced;
    }

    /** Forgets the stream, unless another one has replaced it. */
    synchronized void close(InstanceStream stream, Input.SessionClosed closed) {
        if (streams.remove(closed.instance().incarnation(), stream)) {
            offerToAll(closed);
        }
    }

    @Nullable
    InstanceStream stream(String incarnation) {
        return streams.get(incarnation);
    }

    List<InstanceStream> streams() {
        return List.copyOf(streams.values());
    }

    /** Shards that this node leads at this moment. */
    synchronized List<Leadership> leads() {
        List<Leadership> all = new ArrayList<>();
        leads.forEach((shard, term) ->
                all.add(Leadership.newBuilder().setShard(shard).setTerm(term).build()));
        return all;
    }

    /** Under the lock of {@link #open}, so that each stream hears of it in its welcome or by the frame. */
    synchronized void announceReady(int shard, long term) {
        leads.put(shard, term);
        List<Frame> news = List.of(NodeFrames.leading(shard, term));
        streams.values().forEach(stream -> stream.send(news));
    }

    /** The same for the news of the cluster's nodes, which is told when it differs from what was told last. */
    synchronized void announceMembers(long version, SortedMap<NodeId, String> addresses) {
        List<Frame> news = List.of(NodeFrames.members(version, addresses));
        boolean isNews = members.isEmpty()
                || !members.get(0).getNodesList().equals(news.get(0).getNodesList());
        members = news;
        if (isNews) {
            streams.values().forEach(stream -> stream.send(news));
        }
    }

    synchronized void announceLost(int shard) {
        leads.remove(shard);
    }

    private void offerToAll(Input input) {
        inboxes.forEach(inbox -> inbox.offer(List.of(input), () -> {}));
    }
}
