package dev.assent.simulation.explore;

/** What may happen in the world. */
enum ActionKind {
    BEGIN("the initiator takes its number"),
    CALL("a call opens a branch"),
    WANT_COMMIT("the initiator wants the commit"),
    REQUEST("a request arrives"),
    DELIVER("a message arrives"),
    DUPLICATE("a message arrives and stays under way"),
    DROP("a message gets lost"),
    WORK("a step in a database"),
    REFUSE("a branch cannot prepare"),
    READ_ONLY("a branch has written nothing"),
    APPEND("a submitted record is committed to the log"),
    APPLY("a replica applies an entry"),
    TELL("a core is told of an applied entry"),
    ELECT("Raft elects a leader"),
    WON("a core is told that it leads"),
    LOST("a core is told that it leads no more"),
    NEWS("a participant hears of a ready leader"),
    MEET("a node meets a new life of a participant"),
    NODE_TIMER("timers of a node fire"),
    INSTANCE_TIMER("timers of a participant fire"),
    CRASH_NODE("a node's loop starts anew"),
    CRASH_INSTANCE("a participant's process dies and starts anew"),
    SUSPECT("a node hears nothing of a participant for too long"),
    HEARD_AGAIN("a node hears again of a participant that it took for dead"),
    HAND("somebody decides a prepared branch by hand"),
    ABANDON("an operator gives up on a branch"),
    SETTLE("an operator closes a heuristic, or acknowledges for a branch that was given up");

    private static final ActionKind[] ALL = values();

    private final String meaning;

    ActionKind(String meaning) {
        this.meaning = meaning;
    }

    String meaning() {
        return meaning;
    }

    /** Whether it happens sooner or later if it can: not what people and faults do. */
    boolean mustHappen() {
        return switch (this) {
            case DELIVER, WORK, APPEND, APPLY, TELL, WON, LOST, NEWS, MEET, NODE_TIMER, INSTANCE_TIMER, HEARD_AGAIN ->
                true;
            case BEGIN,
                    CALL,
                    WANT_COMMIT,
                    REQUEST,
                    DUPLICATE,
                    DROP,
                    REFUSE,
                    READ_ONLY,
                    ELECT,
                    CRASH_NODE,
                    CRASH_INSTANCE,
                    SUSPECT,
                    HAND,
                    ABANDON,
                    SETTLE -> false;
        };
    }

    /** One word for an action: its kind, a small number and a larger one. */
    int action(int small, int large) {
        if (small >= 1 << 6 || large >= 1 << 20) {
            throw new AssertionError("an action's numbers are out of range: " + small + ", " + large);
        }
        return ordinal() << 26 | small << 20 | large;
    }

    static ActionKind of(int action) {
        return ALL[action >>> 26];
    }

    static int small(int action) {
        return action >>> 20 & 0x3F;
    }

    static int large(int action) {
        return action & 0xFFFFF;
    }

    /** Whether these bounds let it happen at all. */
    boolean isPossible(Bounds bounds) {
        return switch (this) {
            case DUPLICATE -> bounds.duplicates() > 0;
            case DROP -> bounds.drops() > 0;
            case WORK -> bounds.steps() > 0 || bounds.refusals() > 0 || bounds.readers() > 0;
            case REFUSE -> bounds.refusals() > 0;
            case READ_ONLY -> bounds.readers() > 0;
            case CRASH_NODE, CRASH_INSTANCE, MEET -> bounds.crashes() > 0;
            case SUSPECT, HEARD_AGAIN -> bounds.suspicions() > 0;
            case HAND -> bounds.hands() > 0;
            case ABANDON -> bounds.operators() > 0;
            case SETTLE -> bounds.operators() > (bounds.hands() > 0 ? 0 : 1);
            case LOST -> bounds.terms() > 1 && bounds.nodes() > 1;
            case BEGIN,
                    CALL,
                    WANT_COMMIT,
                    REQUEST,
                    DELIVER,
                    APPEND,
                    APPLY,
                    TELL,
                    ELECT,
                    WON,
                    NEWS,
                    NODE_TIMER,
                    INSTANCE_TIMER -> true;
        };
    }
}
