package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Json;
import dev.assent.cli.Problem;
import dev.assent.coordinator.CoordinatorNode;
import dev.assent.coordinator.NodeHooks;
import dev.assent.coordinator.NodeStartException;
import dev.assent.coordinator.config.NodeConfig;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Option;

/** Runs one node until it is told to stop or has to. */
@picocli.CommandLine.Command(
        name = "server",
        description = {
            "Runs one coordinator node until it is told to stop.",
            "With an empty data directory it waits for ./assent cluster init, or for ./assent cluster add."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:its cluster has removed it",
            "1:it could not start, or had to stop; start it again once the cause is mended",
            "2:the configuration has mistakes"
        },
        footerHeading = "%nExample:%n",
        footer = "  ./assent server --config node-1.yaml")
final class ServerCommand extends Command {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The node's configuration.")
    private Path config = Path.of("");

    @Override
    protected ExitCode run() throws InterruptedException {
        NodeConfig loaded = ConfigFiles.load(config);
        CompletableFuture<String> fatal = new CompletableFuture<>();
        CoordinatorNode node = new CoordinatorNode(loaded, NodeHooks.of(fatal::complete));
        try {
            node.start();
        } catch (NodeStartException e) {
            throw new CommandFailedException(ExitCode.FAILED, e.problem(), e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "assent-stop"));
        tell(loaded, !node.status().isEmpty());
        String cause = fatal.join();
        if (node.wasRemoved()) {
            progress().step("Node " + loaded.node().id() + " was removed from its cluster and has stopped.");
            return ExitCode.OK;
        }
        throw new CommandFailedException(
                ExitCode.FAILED,
                new Problem(
                        "Node '" + loaded.node().id() + "' had to stop: " + cause + ".",
                        "A node that cannot trust its log or its memory stops rather than guess.",
                        "Mend the cause (the log above tells more) and start it again."));
    }

    private void tell(NodeConfig loaded, boolean isBorn) {
        String address = loaded.node().listenHost() + ":" + loaded.node().clientPort();
        String state = isBorn
                ? "."
                : " and is not part of a cluster yet.\nOnce all nodes run: ./assent cluster init --config " + config
                        + "\nTo let it join a cluster that lives: ./assent cluster add " + address;
        print(
                Json.object()
                        .put("node", loaded.node().id().value())
                        .put("address", address)
                        .put("born", isBorn),
                "Node " + loaded.node().id() + " listens on " + address + state);
    }
}
