package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.config.Member;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.LocalCluster;
import dev.assent.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** {@code server} as a process that must not start: its exit code, and what it tells the operator to do. */
@TestInstance(Lifecycle.PER_CLASS)
class StartProblemsTest {
    private static final String MAIN_CLASS = "dev.assent.coordinator.cli.CoordinatorCommands";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FAILED = 1;
    private static final int WRONG_CONFIGURATION = 2;

    private final AtomicInteger starts = new AtomicInteger();
    private Path directory = Path.of("");
    private LocalCluster cluster;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        cluster = LocalCluster.start(directory.resolve("cluster"));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    /** How a start ended. */
    private record Ended(int exitCode, String output) {}

    @Test
    void portInUseIsNamedWithItsSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int free = Ports.free(1).get(0);

            Ended ended = serve("""
                    development: true
                    cluster:
                      name: fresh
                      members:
                        - {id: node-1, host: 127.0.0.1, client-port: %d, raft-port: %d}
                    node:
                      id: node-1
                      data-directory: data
                    """.formatted(taken.getLocalPort(), free));

            assertThat(ended.exitCode()).isEqualTo(FAILED);
            assertThat(ended.output())
                    .contains("127.0.0.1:" + taken.getLocalPort(), "node.client-port", "Stop that process")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void wipedNodeDoesNotStartAndIsToldWhatToDo() throws Exception {
        int node = followerThatStops();

        Ended ended = serve(yamlOf(node, cluster.config(node).cluster().members(), "wiped"));

        assertThat(ended.exitCode()).isEqualTo(FAILED);
        assertThat(ended.output())
                .contains(cluster.config(node).node().id().value(), "new id")
                .doesNotContain("\tat ");
        cluster.startNode(node);
    }

    @Test
    void directoryOfAnotherNodeIsRefused() throws Exception {
        int node = followerThatStops();
        List<Member> members = cluster.config(node).cluster().members();
        int other = (node + 1) % cluster.size();
        String yaml = yamlOf(node, members, cluster.dataDirectory(node).toString())
                .replace("  id: node-" + (node + 1) + "\n", "  id: node-" + (other + 1) + "\n")
                .replace(
                        "node:\n",
                        "node:\n  client-port: " + Ports.free(1).get(0) + "\n  raft-port: "
                                + Ports.free(1).get(0) + "\n");

        Ended ended = serve(yaml);

        assertThat(ended.exitCode()).isEqualTo(FAILED);
        assertThat(ended.output())
                .contains("node.id", "node-" + (node + 1), "node-" + (other + 1), "node.data-directory")
                .doesNotContain("\tat ");
        cluster.startNode(node);
    }

    @Test
    void everyMistakeOfAConfigurationIsTold() throws Exception {
        Ended ended = serve("""
                cluster:
                  name: Bad Name
                  members: []
                node:
                  id: node-1
                  data-direktory: data
                transactions:
                  timeout: soon
                """);

        assertThat(ended.exitCode()).isEqualTo(WRONG_CONFIGURATION);
        assertThat(ended.output())
                .contains("cluster.name", "data-direktory", "data-directory", "transactions.timeout")
                .doesNotContain("\tat ");
    }

    @Test
    void missingConfigurationIsNamed() throws Exception {
        Path nowhere = directory.resolve("nowhere.yaml");

        Ended ended = run(List.of("server", "--config", nowhere.toString()));

        assertThat(ended.exitCode()).isEqualTo(WRONG_CONFIGURATION);
        assertThat(ended.output()).contains(nowhere.toString()).doesNotContain("\tat ");
    }

    private int followerThatStops() {
        int node = (cluster.awaitLeader(0) + 1) % cluster.size();
        cluster.stop(node);
        cluster.awaitLeaders();
        return node;
    }

    private static String yamlOf(int node, List<Member> members, String dataDirectory) {
        StringBuilder yaml = new StringBuilder("development: true\ncluster:\n  name: test\n  members:\n");
        members.forEach(member -> yaml.append("    - {id: %s, host: %s, client-port: %d, raft-port: %d}%n"
                .formatted(member.id(), member.host(), member.clientPort(), member.raftPort())));
        yaml.append("node:\n  id: ").append(members.get(node).id()).append('\n');
        return yaml.append("  data-directory: ")
                .append(dataDirectory)
                .append('\n')
                .toString();
    }

    private Ended serve(String yaml) throws IOException {
        Path config = directory.resolve("node-" + starts.incrementAndGet() + ".yaml");
        Files.writeString(config, yaml);
        return run(List.of("server", "--config", config.toString()));
    }

    private Ended run(List<String> arguments) {
        Path output = directory.resolve("output-" + starts.incrementAndGet() + ".log");
        try (ChildJvm server = ChildJvm.start("server", output, List.of("-Xmx128m"), MAIN_CLASS, arguments)) {
            server.awaitEnd(PATIENCE);
            return new Ended(server.exitCode().orElseThrow(), server.output());
        }
    }
}
