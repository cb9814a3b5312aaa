package dev.assent.coordinator;

import dev.assent.cli.Problem;

/** The node cannot start; nothing of it runs. */
public final class NodeStartException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    NodeStartException(Problem problem) {
        super(problem.oneLine());
        this.problem = problem;
    }

    NodeStartException(Problem problem, Throwable cause) {
        super(problem.oneLine(), cause);
        this.problem = problem;
    }

    /** What happened, why, and what to do. */
    public Problem problem() {
        return problem;
    }
}
