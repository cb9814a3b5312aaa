package dev.assent.coordinator.admin;

import dev.assent.cli.Problem;

/**
 * A birth, or a change of members or leaders, was refused or did not end, or a node must not start. What was done so far
 * stays, and asking again is safe.
 */
public final class ClusterRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final boolean unreachable;

    private ClusterRefusedException(Problem problem, boolean unreachable) {
        super(problem.oneLine());
        this.problem = problem;
        this.unreachable = unreachable;
    }

    static ClusterRefusedException refused(String what, String why, String remedy) {
        return new ClusterRefusedException(new Problem(what, why, remedy), false);
    }

    static ClusterRefusedException unreachable(String what, String why, String remedy) {
        return new ClusterRefusedException(new Problem(what, why, remedy), true);
    }

    /** What happened, why, and what to do. */
    public Problem problem() {
        return problem;
    }

    /** A node that is needed did not answer: asking again may be all that is needed. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
