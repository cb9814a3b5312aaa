package dev.assent.cli;

/** What a command's exit code means, the same for all commands. */
public enum ExitCode implements Ending {
    /** What was asked for is done and holds. */
    OK(0, "done"),
    /** What was asked for failed, was refused or does not hold. */
    FAILED(1, "the thing asked for failed or was refused"),
    /** The command line or the configuration is wrong; nothing was done. */
    USAGE(2, "wrong usage or configuration; nothing was done"),
    /** No node that could answer was reached; whether anything happened may be unknown. */
    UNREACHABLE(3, "a node that is needed could not be reached"),
    /** The program itself broke. */
    INTERNAL(4, "a defect of the program; please report it");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    @Override
    public int code() {
        return code;
    }

    /** For help texts and the reference. */
    public String meaning() {
        return meaning;
    }
}
