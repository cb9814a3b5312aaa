package dev.assent.coordinator.cli;

import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Problem;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which nodes a command talks to. */
final class Targets {
    /** What {@code dev} and the reference configuration listen on. */
    static final List<String> STANDARD = List.of("127.0.0.1:7101", "127.0.0.1:7102", "127.0.0.1:7103");

    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+]):\\d{1,5}");

    @ArgGroup(exclusive = true)
    private @Nullable Given given;

    /** The two ways to say it, of which one may be used. */
    static final class Given {
        @Option(
                names = "--nodes",
                paramLabel = "HOST:PORT,…",
                description = "Client addresses of nodes, separated by commas. Without it: the environment variable"
                        + " ASSENT_NODES, or 127.0.0.1 at 7101, 7102 and 7103.")
        private String nodes = "";

        @Option(
                names = "--config",
                paramLabel = "FILE",
                arity = "1..*",
                description = "Configuration files of nodes; their members are asked.")
        private List<Path> configs = List.of();
    }

    /** The files given with {@code --config}, loaded; empty if there are none. */
    List<NodeConfig> configs() {
        return given == null
                ? List.of()
                : given.configs.stream().map(ConfigFiles::load).toList();
    }

    /** Client addresses of the nodes, each once, in the order given. */
    Set<String> addresses() {
        return addresses(System.getenv());
    }

    Set<String> addresses(Map<String, String> environment) {
        Set<String> addresses = new LinkedHashSet<>();
        if (given != null && !given.configs.isEmpty()) {
            configs()
                    .forEach(config -> config.cluster().members().stream()
                            .map(Member::clientAddress)
                            .forEach(addresses::add));
            return addresses;
        }
        String fromEnvironment = environment.getOrDefault("ASSENT_NODES", "");
        if (given != null && !given.nodes.isBlank()) {
            addresses.addAll(List.of(given.nodes.split(",")));
        } else if (!fromEnvironment.isBlank()) {
            addresses.addAll(List.of(fromEnvironment.split(",")));
        } else {
            addresses.addAll(STANDARD);
        }
        addresses.forEach(Targets::check);
        return addresses;
    }

    /** @throws CommandFailedException if it is none */
    static void check(String address) {
        if (!ADDRESS.matcher(address).matches()) {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    new Problem(
                            "'" + address + "' is not the address of a node.",
                            "",
                            "Give host:port for each, separated by commas, as in 127.0.0.1:7101,127.0.0.1:7102."));
        }
    }
}
