package dev.assent.coordinator.cli;

import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Problem;
import dev.assent.coordinator.config.InvalidConfigException;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.NodeConfigLoader;
import java.nio.file.Path;
import java.util.List;

/** Loads configuration files for commands. */
final class ConfigFiles {
    private ConfigFiles() {}

    /**
     * Loads one, with the overrides of this process's environment.
     *
     * @throws CommandFailedException with all mistakes, one a line
     */
    static NodeConfig load(Path file) {
        try {
            return NodeConfigLoader.load(file, System.getenv());
        } catch (InvalidConfigException e) {
            List<String> mistakes = e.mistakes();
            String count = mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes";
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    new Problem(
                            "The configuration has " + count + ".",
                            "  " + String.join("\n  ", mistakes),
                            "Correct it and start again; docs/reference/configuration.md lists every setting."),
                    e);
        }
    }
}
