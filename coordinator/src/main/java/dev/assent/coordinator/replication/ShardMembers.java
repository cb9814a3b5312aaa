package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.NodeId;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who replicates a shard, as one replica knows.
 *
 * @param index of the log entry that says so: greater than that of every earlier change; -1 before the first entry
 * @param members while a change is under way, those before and after it
 */
public record ShardMembers(long index, SortedMap<NodeId, MemberAddresses> members) {
    public ShardMembers {
        NavigableMap<NodeId, MemberAddresses> sorted = new TreeMap<>(members);
        members = Collections.unmodifiableNavigableMap(sorted);
    }

    /** Nothing is known: the replica does not run, or has joined and not been made a member yet. */
    static ShardMembers unknown() {
        return new ShardMembers(-1, Collections.emptySortedMap());
    }
}
