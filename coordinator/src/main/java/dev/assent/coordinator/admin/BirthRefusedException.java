package dev.assent.coordinator.admin;

import dev.assent.cli.Problem;

/** A birth was not begun or not finished, or a node must not start. */
public final class BirthRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final boolean unreachable;

    private BirthRefusedException(Problem problem, boolean unreachable) {
        super(problem.oneLine());
        this.problem = problem;
        this.unreachable = unreachable;
    }

    static BirthRefusedException refused(String what, String why, String remedy) {
        return new BirthRefusedException(new Problem(what, why, remedy), false);
    }

    static BirthRefusedException unreachable(String what, String why, String remedy) {
        return new BirthRefusedException(new Problem(what, why, remedy), true);
    }

    /** What happened, why, and what to do. */
    public Problem problem() {
        return problem;
    }

    /** A node did not answer: asking again may be all that is needed. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
