package dev.assent.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs a command as a process: parses, runs, shows problems without stack traces, and ends with a code. With
 * {@code --json} a problem is one JSON object on the output, because the reader parses that and nothing else.
 */
public final class CommandRunner {
    private final Terminal terminal;

    public CommandRunner(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command and ends the process with its code. */
    public static void main(Object command, String... arguments) {
        System.exit(new CommandRunner(Terminal.ofProcess()).run(command, arguments));
    }

    /**
     * Runs the command.
     *
     * @param command an object with picocli's annotations, usually a {@link Command}
     * @return the exit code
     */
    public int run(Object command, String... arguments) {
        CommandLine line = new CommandLine(command);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.hasColor() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler(
                (e, args) -> showUsage(e, List.of(args).contains("--json")));
        line.setExecutionExceptionHandler(
                (e, failed, parsed) -> showFailure(e, List.of(arguments).contains("--json")));
        configure(line);
        return line.execute(arguments);
    }

    private void configure(CommandLine line) {
        if (line.getCommand() instanceof Command command) {
            command.use(terminal);
        }
        line.setUsageHelpWidth(100);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.getSubcommands().values().forEach(this::configure);
    }

    private int showUsage(ParameterException e, boolean asJson) {
        CommandLine failed = e.getCommandLine();
        String name = failed.getCommandSpec().qualifiedName(" ");
        String remedy = "See " + name + " --help.";
        if (e instanceof UnmatchedArgumentException unmatched) {
            Set<String> known = new TreeSet<>(failed.getSubcommands().keySet());
            known.addAll(failed.getCommandSpec().optionsMap().keySet());
            Optional<String> meant = Nearest.to(unmatched.getUnmatched().get(0), known);
            remedy = meant.map(word -> "Did you mean '" + word + "'? ").orElse("") + remedy;
        }
        show(ExitCode.USAGE, new Problem(sentence(String.valueOf(e.getMessage())), "", remedy), asJson);
        return ExitCode.USAGE.code();
    }

    private int showFailure(Exception e, boolean asJson) {
        if (e instanceof CommandFailedException failed) {
            show(failed.exitCode(), failed.problem(), asJson);
            return failed.exitCode().code();
        }
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        show(ExitCode.INTERNAL, Defects.problem(e), asJson);
        return ExitCode.INTERNAL.code();
    }

    private void show(ExitCode code, Problem problem, boolean asJson) {
        if (asJson) {
            ObjectNode object = Json.object();
            object.put("error", problem.what())
                    .put("why", problem.why())
                    .put("remedy", problem.remedy())
                    .put("exitCode", code.code());
            terminal.out().println(Json.text(object));
            return;
        }
        terminal.err().println(terminal.styled(Terminal.Style.BAD, "Error: ") + problem.what());
        if (!problem.why().isEmpty()) {
            terminal.err().println(problem.why());
        }
        terminal.err().println(problem.remedy());
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
