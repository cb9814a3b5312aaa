package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.StateImage;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a snapshot holds.
 *
 * @param image the shard's state
 * @param membersEver every node that a configuration in the log has ever named. It follows from the log as the state
 *     does; without it a purged log would forget whose ids are spent, and a node that lost its memory could come back
 */
record SnapshotContent(StateImage image, SortedSet<NodeId> membersEver) {
    static final SnapshotContent EMPTY = new SnapshotContent(StateImage.EMPTY, Collections.emptySortedSet());

    SnapshotContent {
        NavigableSet<NodeId> sorted = new TreeSet<>(membersEver);
        membersEver = Collections.unmodifiableNavigableSet(sorted);
    }
}
