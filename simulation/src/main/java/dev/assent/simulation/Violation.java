package dev.assent.simulation;

/** Something that must hold does not. Ends the run. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What must hold. */
    enum Law {
        /** No two branches of a transaction end differently. */
        AC1,
        /** A decision is never reversed. */
        AC2,
        /** Commit only if every branch can, and all that was done is in it. */
        AC3,
        /** What the initiator was told is what happened, and it is never told two things. */
        AC4,
        /** No failure and all YES: commit. */
        AC5,
        /** When faults heal, every branch ends and everybody is answered. */
        AC6,
        /** Nothing is leaked. */
        AC7,
        /** Replicas agree, and a new leader says what the old one said. */
        AC8,
        /** What people did by hand against a decision is reported, and nothing else is. */
        HEURISTICS,
        /** An assertion of a core. */
        CORE;

        /** Whether it is one of those that take time to be broken. */
        boolean isLiveness() {
            return this == AC6 || this == AC7;
        }
    }

    private final Law law;

    Violation(Law law, String what) {
        super(law + ": " + what);
        this.law = law;
    }

    Violation(Law law, String what, Throwable cause) {
        super(law + ": " + what, cause);
        this.law = law;
    }

    Law law() {
        return law;
    }
}
