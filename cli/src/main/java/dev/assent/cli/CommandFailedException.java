package dev.assent.cli;

/** Ends a command with an exit code and a problem to show; never shown with a stack trace. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final transient Problem problem;

    public CommandFailedException(ExitCode exitCode, Problem problem) {
        super(problem.oneLine());
        this.exitCode = exitCode;
        this.problem = problem;
    }

    public CommandFailedException(ExitCode exitCode, Problem problem, Throwable cause) {
        super(problem.oneLine(), cause);
        this.exitCode = exitCode;
        this.problem = problem;
    }

    /** What the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }

    /** What to show. */
    public Problem problem() {
        return problem;
    }
}
