package dev.assent.simulation;

/** What a draw is for. Adding one at the end leaves the luck of all others as it was. */
enum Purpose {
    WORLD,
    FAULT_LEVEL,
    FAULT,
    AMOUNT,
    LATENCY,
    WORK,
    SCRIPT,
    ELECTION,
    DISTURBANCE,
    HAND,
    HEALING,
    FAULT_RULE,
    SHAPE;

    /** Its place among all: a part of every draw. */
    @SuppressWarnings("EnumOrdinal")
    int number() {
        return ordinal();
    }
}
