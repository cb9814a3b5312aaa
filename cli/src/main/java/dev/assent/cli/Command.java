package dev.assent.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What every command is: it has {@code --help} and {@code --json}, it returns an exit code, and it fails by throwing
 * {@link CommandFailedException}. Its picocli annotation must hold an example in the footer.
 */
public abstract class Command implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    private @org.jspecify.annotations.Nullable CommandSpec spec;

    private Terminal terminal = Terminal.ofProcess();

    /** Does what the command is for. */
    protected abstract Ending run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        return run().code();
    }

    /** {@code --json} was given. */
    protected final boolean wantsJson() {
        return json;
    }

    /** Where to write. */
    protected final Terminal terminal() {
        return terminal;
    }

    /** Prints the result: the JSON object if that was asked for, else the text. */
    protected final void print(Object jsonObject, String text) {
        terminal.out().println(json ? Json.text(jsonObject) : text);
    }

    /** Progress that keeps silent with {@code --json}. */
    protected final Progress progress() {
        return new Progress(terminal, json);
    }

    /** A mistake on the command line that picocli cannot find by itself. */
    protected final CommandFailedException usage(String what, String remedy) {
        String name = spec == null ? "" : spec.qualifiedName(" ");
        return new CommandFailedException(ExitCode.USAGE, new Problem(what, "", remedy + " See " + name + " --help."));
    }

    final void use(Terminal other) {
        terminal = other;
    }
}
