package dev.assent.coordinator.admin;

import dev.assent.cli.Problem;

/** A change of members or leaders was refused, or did not end; what was done so far stays, and it may be repeated. */
public final class ClusterChangeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final boolean unreachable;

    private ClusterChangeException(Problem problem, boolean unreachable) {
        super(problem.oneLine());
        this.problem = problem;
        this.unreachable = unreachable;
    }

    static ClusterChangeException refused(String what, String why, String remedy) {
        return new ClusterChangeException(new Problem(what, why, remedy), false);
    }

    static ClusterChangeException unreachable(String what, String why, String remedy) {
        return new ClusterChangeException(new Problem(what, why, remedy), true);
    }

    /** What happened, why, and what to do. */
    public Problem problem() {
        return problem;
    }

    /** Nodes that are needed did not answer. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
