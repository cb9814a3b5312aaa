package dev.assent.simulation.explore;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ShardIdentity;
import java.util.List;

/**
 * Who is who in the small world. A slot is a participant with its database and its branch; a process in it has lives.
 * All names of a slot hold its digit, so that texts can be renamed when slots are exchanged.
 */
final class Names {
    static final int MAX_SLOTS = 4;

    private static final ClusterId CLUSTER = new ClusterId("world", "aaaaaaaa");

    /** The process that begins the transaction; it serves nothing. */
    static final InstanceId INITIATOR = new InstanceId("initiatorzzz");

    private static final int MAX_TERMS = 8;
    private static final int MAX_LIVES = 10;
    private static final Xid[] XIDS = new Xid[MAX_TERMS];
    private static final InstanceId[][] INSTANCES = new InstanceId[MAX_SLOTS][MAX_LIVES];
    private static final BranchId[] BRANCHES = new BranchId[MAX_SLOTS];

    static {
        for (int term = 1; term < MAX_TERMS; term++) {
            XIDS[term] = new Xid(CLUSTER, 0, term, 0);
        }
        for (int slot = 0; slot < MAX_SLOTS; slot++) {
            for (int life = 0; life < MAX_LIVES; life++) {
                INSTANCES[slot][life] = new InstanceId("slot" + slot + "life" + life + "zz");
            }
            BRANCHES[slot] = new BranchId(resource(slot), INSTANCES[slot][0], 0);
        }
    }

    private Names() {}

    static ClusterId cluster() {
        return CLUSTER;
    }

    /** The transaction, of the term in which it was begun. */
    static Xid xid(int term) {
        return XIDS[term];
    }

    static InstanceId instance(int slot, int life) {
        return INSTANCES[slot][life];
    }

    static int slotOf(InstanceId instance) {
        return instance.incarnation().charAt(4) - '0';
    }

    static int lifeOf(InstanceId instance) {
        return instance.incarnation().charAt(9) - '0';
    }

    static ResourceName resource(int slot) {
        return new ResourceName("db" + slot);
    }

    /** The only branch of a slot, opened by its first life. */
    static BranchId branch(int slot) {
        return BRANCHES[slot];
    }

    static int slotOf(BranchId branch) {
        return slotOf(branch.instance());
    }

    static ShardIdentity shard(int node, int loop) {
        return new ShardIdentity(CLUSTER, 0, new NodeId("node" + node), loop);
    }

    static Input.SessionOpened session(int slot, int life) {
        return new Input.SessionOpened(instance(slot, life), "svc" + slot, List.of(resource(slot)));
    }

    /** The text with each slot's digit replaced: slot s becomes {@code to[s]}. */
    static String renamed(String text, int[] to) {
        StringBuilder renamed = new StringBuilder(text);
        for (String prefix : List.of("slot", "db", "svc")) {
            for (int at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
                int digitAt = at + prefix.length();
                int slot = digitAt < text.length() ? text.charAt(digitAt) - '0' : -1;
                if (slot >= 0 && slot < to.length) {
                    renamed.setCharAt(digitAt, (char) ('0' + to[slot]));
                }
            }
        }
        return renamed.toString();
    }
}
