package dev.assent.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigLoaderTest {
    private static final String MINIMAL = """
            cluster:
              name: shop
              members:
                - {id: n1, host: 127.0.0.1, client-port: 7101, raft-port: 7201}
                - {id: n2, host: 127.0.0.1, client-port: 7102, raft-port: 7202}
            node:
              id: n2
              data-directory: data
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        NodeConfig config = load(MINIMAL);
        assertThat(config.cluster().shards()).isEqualTo(1);
        assertThat(config.cluster().development()).isFalse();
        assertThat(config.node())
                .isEqualTo(new NodeSettings(new NodeId("n2"), "127.0.0.1", 7102, 7202, folder.resolve("data")));
        assertThat(config.transactions())
                .isEqualTo(new TransactionSettings(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        100_000));
        assertThat(config.sessions()).isEqualTo(new SessionSettings(Duration.ofSeconds(10), Duration.ofMinutes(10)));
        assertThat(config.outcomes()).isEqualTo(new OutcomeSettings(64L << 20, Duration.ofHours(1)));
        assertThat(config.raft())
                .isEqualTo(new RaftSettings(Duration.ofMillis(500), Duration.ofSeconds(1), 256L << 20));
    }

    @Test
    void developmentClusterHasTheSameDefaults() throws Exception {
        NodeConfig loaded = load(MINIMAL + "development: true\n");
        NodeConfig made = NodeConfig.development(
                "shop", new NodeId("n2"), loaded.cluster().members(), folder.resolve("data"));
        assertThat(made).isEqualTo(loaded);
    }

    @Test
    void environmentOverridesTheFile() throws Exception {
        NodeConfig config = load(
                MINIMAL,
                Map.of(
                        "ASSENT_NODE_ID", "b",
                        "ASSENT_NODE_CLIENT_PORT", "9000",
                        "ASSENT_TRANSACTIONS_PREPARE_TIMEOUT", "200ms",
                        "ASSENT_CLUSTER_MEMBERS", "a@10.0.0.1:1:2, b@[::1]:3:4",
                        "ASSENT_DEVELOPMENT", "true",
                        "PATH", "/bin"));
        assertThat(config.node().clientPort()).isEqualTo(9_000);
        assertThat(config.node().raftPort()).isEqualTo(4);
        assertThat(config.transactions().prepareTimeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.cluster().development()).isTrue();
        assertThat(config.self()).isEqualTo(new Member(new NodeId("b"), "::1", 3, 4));
        assertThat(config.self().clientAddress()).isEqualTo("[::1]:3");
    }

    @Test
    void everyMistakeIsToldWithItsLineAndWhatIsAllowed() {
        List<String> mistakes = mistakes("""
                cluster:
                  name: Shop
                  shard: 3
                  members:
                    - {id: n1, host: 127.0.0.1, client-port: 7101, raft-port: 7101}
                    - {id: n2, host: "a b", client-port: 70000}
                node:
                  id: n1
                  client-port: [1, 2]
                  data-directory:
                transactions:
                  timeout: 30
                  prepare-timeout: 10ms
                  timeout: 5s
                transaktions:
                  x: 1
                raft:
                  prepare-timeout: 5s
                  election-timeout-min: 2s
                  log-bound: 64MB
                """);
        assertThat(mistakes).hasSize(15);
        assertThat(mistakes.get(0))
                .isEqualTo("node.yaml:2: cluster.name: 'Shop' is wrong: cluster name may hold a-z,"
                        + " 0-9 and dashes between them only: 'Shop'. Allowed: 1 to 16 characters of a-z, 0-9 and inner"
                        + " dashes");
        assertThat(mistakes.get(1))
                .startsWith("node.yaml:3: cluster.shard: unknown")
                .contains("'cluster.shards'");
        assertThat(mistakes.get(2)).startsWith("node.yaml:5: cluster.members[0].raft-port: ");
        assertThat(mistakes.subList(3, 6)).allMatch(mistake -> mistake.startsWith("node.yaml:6: cluster.members[1]."));
        assertThat(mistakes.get(6)).startsWith("node.yaml:9: node.client-port: not a single value");
        assertThat(mistakes.get(7)).startsWith("node.yaml:10: node.data-directory: no value");
        assertThat(mistakes.get(8)).startsWith("node.yaml:12: transactions.timeout: '30' is wrong: not a duration");
        assertThat(mistakes.get(9))
                .startsWith("node.yaml:13: transactions.prepare-timeout: ")
                .endsWith("Allowed: a duration from 50ms to 10min (units: ms, s, min, h)");
        assertThat(mistakes.get(10)).startsWith("node.yaml:14: transactions.timeout: set twice");
        assertThat(mistakes.get(11))
                .startsWith("node.yaml:15: transaktions: unknown")
                .contains("'transactions'");
        assertThat(mistakes.get(12)).startsWith("node.yaml:18: ").contains("'transactions.prepare-timeout'");
        assertThat(mistakes.get(13)).startsWith("node.yaml:19: raft.election-timeout-min: 2s is over");
        assertThat(mistakes.get(14)).startsWith("node.yaml:20: raft.log-bound: '64MB' is wrong: not a size");
    }

    @Test
    void missingSettingsAreTold() {
        assertThat(mistakes(""))
                .hasSize(4)
                .anyMatch(mistake -> mistake.startsWith("node.yaml: cluster.name: missing"))
                .anyMatch(mistake -> mistake.startsWith("node.yaml: cluster.members: missing"))
                .anyMatch(mistake -> mistake.startsWith("node.yaml: node.id: missing"))
                .anyMatch(mistake -> mistake.startsWith("node.yaml: node.data-directory: missing"));
    }

    @Test
    void settingsMustFitEachOther() {
        assertThat(mistakes(MINIMAL + "transactions:\n  timeout: 20min\n"))
                .singleElement()
                .asString()
                .isEqualTo("node.yaml:10: transactions.timeout: 20min is over transactions.timeout-cap, which is 10min"
                        + " by default. Allowed: transactions.timeout at most transactions.timeout-cap");
        assertThat(mistakes(MINIMAL.replace("id: n2\n", "id: n3\n")))
                .singleElement()
                .asString()
                .isEqualTo("node.yaml:7: node.id: 'n3' is none of the members. Allowed: n1, n2");
        assertThat(mistakes(MINIMAL.replace("7202", "7201")))
                .singleElement()
                .asString()
                .contains("node.yaml:5", "'n2' and 'n1' share the address 127.0.0.1:7201");
        assertThat(mistakes(MINIMAL.replace("{id: n2,", "{id: n1,")))
                .anyMatch(mistake -> mistake.contains("two members have the id 'n1'"));
    }

    @Test
    void overrideThatOverridesNothingIsAMistake() {
        assertThat(catchThrowableOfType(
                                InvalidConfigException.class,
                                () -> load(
                                        MINIMAL, Map.of("ASSENT_NODE_CLIENTPORT", "1", "ASSENT_CLUSTER_SHARDS", "x")))
                        .mistakes())
                .containsExactlyInAnyOrder(
                        "environment variable ASSENT_NODE_CLIENTPORT: overrides no setting; did you mean"
                                + " ASSENT_NODE_CLIENT_PORT? Allowed: ASSENT_ and a setting's path in capitals",
                        "environment variable ASSENT_CLUSTER_SHARDS: cluster.shards: 'x' is wrong: not a whole number"
                                + " in reach. Allowed: a whole number from 1 to 64");
    }

    @Test
    void variablesOfOthersAreLeftAlone() throws Exception {
        Map<String, String> others = Map.of(
                "ASSENT_JVM_OPTIONS", "-Xmx2g",
                "ASSENT_NODES", "a:1",
                "ASSENT_SERVICE_HOST", "10.0.0.1",
                "ASSENT_PORT", "tcp://10.0.0.1:7101",
                "ASSENT_NODE_PORT_7101_TCP_ADDR", "10.0.0.1");
        assertThat(load(MINIMAL, others)).isEqualTo(load(MINIMAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cluster: [", "\tname: x", "cluster: {name: 'x", "a: b: c", "%YAML 9.9\n---\na: 1", "@", "\u0000"
            })
    void brokenYamlIsOneMistake(String text) {
        assertThat(mistakes(text)).anyMatch(mistake -> mistake.matches("(?s)node\\.yaml(:\\d+)?: not YAML: .*"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a",
                "just words",
                "cluster: words",
                "cluster: {members: words}",
                "cluster: {members: [words]}",
                "cluster: &a {cluster: *a}",
                "? [a, b]\n: c",
                "<<: {node: {id: n1}}"
            })
    void wrongShapesAreMistakesWithALine(String text) {
        assertThat(mistakes(text)).anyMatch(mistake -> mistake.startsWith("node.yaml:1: "));
    }

    @Test
    void filesThatWouldExhaustMemoryOrStackAreRefused() {
        assertThat(mistakes("[".repeat(100_000))).anyMatch(mistake -> mistake.contains("nested too deeply"));
        assertThat(mistakes("# " + "x".repeat(300_000)))
                .singleElement()
                .asString()
                .contains("larger than");
    }

    @Test
    void fileThatCannotBeReadIsOneMistake() {
        assertThatThrownBy(() -> NodeConfigLoader.load(folder.resolve("absent.yaml"), Map.of()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("absent.yaml: there is no such file");
    }

    private NodeConfig load(String text) throws InvalidConfigException {
        return load(text, Map.of());
    }

    private NodeConfig load(String text, Map<String, String> environment) throws InvalidConfigException {
        Path file = folder.resolve("node.yaml");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return NodeConfigLoader.load(file, environment);
    }

    /** The mistakes with the folder taken off. */
    private List<String> mistakes(String text) {
        return catchThrowableOfType(InvalidConfigException.class, () -> load(text)).mistakes().stream()
                .map(mistake -> mistake.replace(folder + "/", ""))
                .toList();
    }
}
