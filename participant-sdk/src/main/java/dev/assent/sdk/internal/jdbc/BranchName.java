package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import java.util.Optional;

/**
 * The name under which a database lists a prepared branch, where it takes one text: {@code assent:<xid>/<branch>/<mark>}.
 * At most 64 + 48 + 9 bytes and the mark.
 *
 * @param branch what it names
 * @param mark what the dialect wants to know about the preparing session later; may be empty
 */
record BranchName(BranchRef branch, String mark) {
    private static final String PREFIX = "assent:";

    /** Reads what {@link #toString()} wrote; empty if the name is somebody else's. */
    static Optional<BranchName> parse(String name) {
        if (!name.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = name.substring(PREFIX.length()).split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BranchName(new BranchRef(Xid.parse(parts[0]), BranchId.parse(parts[1])), parts[2]));
        } catch (IllegalArgumentException notOurs) {
            // Anybody may prepare a transaction under any name: one that only looks like ours is left alone.
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return PREFIX + branch.xid() + "/" + branch.branch() + "/" + mark;
    }
}
