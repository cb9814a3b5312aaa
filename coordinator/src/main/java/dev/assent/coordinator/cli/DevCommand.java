package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Json;
import dev.assent.cli.Problem;
import dev.assent.cli.Progress;
import dev.assent.cli.Table;
import dev.assent.coordinator.admin.ClusterIdentity;
import dev.assent.coordinator.config.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a cluster for development in this process. */
@picocli.CommandLine.Command(
        name = "dev",
        description = "A 3-node cluster in one process, for development; Ctrl-C ends it.",
        footerHeading = "%nExamples:%n",
        footer = {"  ./assent dev", "  ./assent dev --data dev-cluster --port 8101"})
final class DevCommand extends Command {
    private static final Logger LOG = LoggerFactory.getLogger(DevCommand.class);
    private static final int MAX_FIRST_PORT = 65_000;
    private static final int MAX_SHARDS = 8;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep the data here and go on with it next time; without it the data is thrown away.")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "7101",
            description = "Client port of the first node (7101); the others take the next two, Raft the same plus 100.")
    private int port;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "1",
            description = "Raft groups, 1 to 8 (1); fixed once the data exists.")
    private int shards;

    @Override
    protected ExitCode run() throws IOException, InterruptedException {
        if (port < 1 || port > MAX_FIRST_PORT) {
            throw usage("--port is " + port + ".", "Give a number from 1 to " + MAX_FIRST_PORT + ".");
        }
        if (shards < 1 || shards > MAX_SHARDS) {
            throw usage("--shards is " + shards + ".", "Give a number from 1 to " + MAX_SHARDS + ".");
        }
        Path directory = data == null ? Files.createTempDirectory("assent-dev-") : data;
        DevCluster cluster = new DevCluster(port, shards, directory);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cluster, directory), "assent-stop"));
        try (Progress progress = progress()) {
            ClusterIdentity identity = cluster.start(progress::step);
            progress.close();
            tell(cluster, identity, directory);
        }
        throw new CommandFailedException(
                ExitCode.FAILED,
                new Problem(
                        "A node had to stop: " + cluster.fatal().join() + ".",
                        "A node that cannot trust its log or its memory stops rather than guess.",
                        "Look for the cause above and start again."));
    }

    private void end(DevCluster cluster, Path directory) {
        cluster.close();
        if (data == null) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                LOG.warn("{} could not be removed: {}", directory, e.getMessage());
            }
        }
    }

    private void tell(DevCluster cluster, ClusterIdentity identity, Path directory) {
        List<Member> members = cluster.members();
        String addresses = members.stream().map(Member::clientAddress).collect(Collectors.joining(","));
        ObjectNode object = Json.object()
                .put("cluster", identity.id().toString())
                .put("coordinators", addresses)
                .put("data", directory.toString());
        ArrayNode nodes = object.putArray("nodes");
        Table table = new Table("NODE", "CLIENTS", "RAFT");
        for (Member member : members) {
            table.row(member.id(), member.clientAddress(), member.raftAddress());
            nodes.addObject()
                    .put("id", member.id().value())
                    .put("client", member.clientAddress())
                    .put("raft", member.raftAddress());
        }
        String kept = data == null ? " (thrown away at the end)" : "";
        print(
                object,
                "Cluster " + identity.id() + " serves.\n\n" + table.text(terminal()) + "\n\nConnect to " + addresses
                        + "\nData in " + directory + kept + "\nCtrl-C ends it.");
    }
}
