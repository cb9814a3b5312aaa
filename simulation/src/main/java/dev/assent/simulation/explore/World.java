package dev.assent.simulation.explore;

import java.util.Arrays;

/**
 * A state of the world, as numbers: of the states of the actors, of the log, of what is under way. Not thread-safe.
 *
 * <p>The log is modelled as what Raft guarantees of it: one sequence of entries with terms that never decrease; what a
 * node submits enters in the term in which the node leads when it enters, whatever its core thinks; a record that was
 * submitted and is not committed stays possible until its node cannot lead any more.
 */
final class World {
    // Fields of the world.
    static final int XID_TERM = 0;
    static final int ANNOUNCED = 1;
    static final int TOLD = 2;
    static final int SUMS = 3;
    static final int CRASHES = 4;
    static final int DUPLICATES = 5;
    static final int DROPS = 6;
    static final int HANDS = 7;
    static final int SUSPICIONS = 8;
    static final int REFUSALS = 9;
    static final int READERS = 10;
    static final int LOG = 11;
    static final int TERM = 12;
    static final int LEADER = 13;
    static final int IS_WON_PENDING = 14;
    static final int STRAYS = 15;
    static final int OPERATORS = 16;
    static final int GLOBALS = 17;

    // Fields of a node.
    static final int STATE = 0;
    static final int APPLIED = 1;
    static final int TOLD_UP_TO = 2;
    static final int LOOP = 3;
    static final int ELECTED = 4;
    private static final int NODE_FIELDS = 5;

    // Fields of a slot; STATE as well.
    static final int LIFE = 1;
    static final int HEARD_TERM = 2;
    static final int DATABASE = 3;
    private static final int SLOT_FIELDS = 4;

    // The low bits of DATABASE: what the database knows of the slot's branch.
    static final int NOTHING = 0;
    static final int ACTIVE = 1;
    static final int EVIDENCE = 2;
    static final int PREPARED = 3;
    static final int COMMITTED = 4;
    static final int COMMITTED_WITHOUT_ROW = 5;
    static final int UNPREPARED_GONE = 6;
    static final int ROLLED_BACK = 7;
    static final int READ_ONLY = 8;
    static final int LOCAL_MASK = 15;
    /** Somebody decided by hand. */
    static final int BY_HAND = 16;
    /** It had written nothing when it was asked. */
    static final int WROTE_NOTHING = 32;
    /** Its call was answered OK. */
    static final int ANSWERED = 64;

    private final int nodes;
    private final int slots;
    private final int[] fields;
    final NumberSet appends = new NumberSet();
    final NumberSet work = new NumberSet();
    final NumberSet messages = new NumberSet();

    World(int nodes, int slots) {
        this.nodes = nodes;
        this.slots = slots;
        this.fields = new int[GLOBALS + nodes * (NODE_FIELDS + slots) + slots * SLOT_FIELDS];
    }

    int nodes() {
        return nodes;
    }

    int slots() {
        return slots;
    }

    int get(int field) {
        return fields[field];
    }

    void set(int field, int value) {
        fields[field] = value;
    }

    /** The latest term of which a leader said that it is ready; 0 if none did. */
    int latestAnnounced() {
        return 31 - Integer.numberOfLeadingZeros(get(ANNOUNCED) | 1);
    }

    int ofNode(int node, int field) {
        return fields[GLOBALS + node * (NODE_FIELDS + slots) + field];
    }

    void setNode(int node, int field, int value) {
        fields[GLOBALS + node * (NODE_FIELDS + slots) + field] = value;
    }

    /** The latest life of a slot's process that the node has met. */
    int metLife(int node, int slot) {
        return ofNode(node, NODE_FIELDS + slot);
    }

    void setMetLife(int node, int slot, int life) {
        setNode(node, NODE_FIELDS + slot, life);
    }

    int ofSlot(int slot, int field) {
        return fields[GLOBALS + nodes * (NODE_FIELDS + slots) + slot * SLOT_FIELDS + field];
    }

    void setSlot(int slot, int field, int value) {
        fields[GLOBALS + nodes * (NODE_FIELDS + slots) + slot * SLOT_FIELDS + field] = value;
    }

    int local(int slot) {
        return ofSlot(slot, DATABASE) & LOCAL_MASK;
    }

    /** Changes what the database knows, and keeps what is known about the branch otherwise. */
    void setLocal(int slot, int local) {
        setSlot(slot, DATABASE, ofSlot(slot, DATABASE) & ~LOCAL_MASK | local);
    }

    boolean is(int slot, int flag) {
        return (ofSlot(slot, DATABASE) & flag) != 0;
    }

    void mark(int slot, int flag) {
        setSlot(slot, DATABASE, ofSlot(slot, DATABASE) | flag);
    }

    void set(World other) {
        System.arraycopy(other.fields, 0, fields, 0, fields.length);
        appends.set(other.appends);
        work.set(other.work);
        messages.set(other.messages);
    }

    boolean isSame(World other) {
        return isSameButMessages(other) && messages.isSame(other.messages);
    }

    boolean isSameButMessages(World other) {
        return Arrays.equals(fields, other.fields) && appends.isSame(other.appends) && work.isSame(other.work);
    }

    // ---- as bytes ----

    void write(States out) {
        for (int field : fields) {
            out.put(field);
        }
        write(appends, out);
        write(work, out);
        write(messages, out);
    }

    private static void write(NumberSet set, States out) {
        out.put(set.size());
        for (int i = 0; i < set.size(); i++) {
            out.put(i == 0 ? set.get(0) : set.get(i) - set.get(i - 1));
        }
    }

    void read(States in) {
        for (int i = 0; i < fields.length; i++) {
            fields[i] = in.next();
        }
        read(appends, in);
        read(work, in);
        read(messages, in);
    }

    private static void read(NumberSet set, States in) {
        set.clear();
        int size = in.next();
        int number = 0;
        for (int i = 0; i < size; i++) {
            number += in.next();
            set.add(number);
        }
    }
}
