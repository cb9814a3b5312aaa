package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;

/** A branch of a transaction, as databases list it. */
public record BranchRef(Xid xid, BranchId branch) implements Comparable<BranchRef> {
    @Override
    public int compareTo(BranchRef other) {
        int order = xid.compareTo(other.xid);
        return order != 0 ? order : branch.compareTo(other.branch);
    }

    @Override
    public String toString() {
        return xid + "/" + branch;
    }
}
