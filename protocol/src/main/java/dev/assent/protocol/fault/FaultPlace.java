package dev.assent.protocol.fault;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import java.util.Optional;

/** What is known about a visit of a point; what is empty fits no rule that asks for it. */
public record FaultPlace(
        Optional<Xid> xid, Optional<Integer> shard, Optional<ResourceName> resource, Optional<InstanceId> instance) {
    /** The shard is the transaction's, if that is known. */
    public FaultPlace(Optional<Xid> xid, Optional<ResourceName> resource, Optional<InstanceId> instance) {
        this(xid, xid.map(Xid::shard), resource, instance);
    }

    /** Nothing is known. */
    public static final FaultPlace UNKNOWN = new FaultPlace(Optional.empty(), Optional.empty(), Optional.empty());

    /** At a step of a branch. */
    public static FaultPlace of(Xid xid, BranchId branch) {
        return new FaultPlace(Optional.of(xid), Optional.of(branch.resource()), Optional.of(branch.instance()));
    }

    /** At a step of a shard that belongs to no transaction. */
    public static FaultPlace ofShard(int shard) {
        return new FaultPlace(Optional.empty(), Optional.of(shard), Optional.empty(), Optional.empty());
    }

    /** At a step of a transaction. */
    public static FaultPlace of(Xid xid) {
        return new FaultPlace(Optional.of(xid), Optional.empty(), Optional.empty());
    }
}
