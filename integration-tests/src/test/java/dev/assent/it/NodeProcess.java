package dev.assent.it;

import dev.assent.coordinator.CoordinatorNode;
import dev.assent.coordinator.NodeHooks;
import dev.assent.coordinator.config.ClusterSettings;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.RaftSettings;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A coordinator node as a process of its own that can be held at a step: {@code <number> <shards> <directory>
 * <ports> [<point>]}, the ports of all nodes' clients and logs with commas between. Prints {@code CONTROL} once it serves;
 * ends with code 1 if it has to stop.
 */
final class NodeProcess {
    /** A snapshot after every entry, so that its steps are reached by each transaction. */
    private static final long LOG_BOUND_BYTES = 1;

    private NodeProcess() {}

    public static void main(String[] arguments) throws Exception {
        int number = Integer.parseInt(arguments[0]);
        Stop stop = new Stop();
        if (arguments.length > 4) {
            stop.answer(new String[] {"hold", arguments[4]});
        }
        CompletableFuture<String> fatal = new CompletableFuture<>();
        CoordinatorNode node = new CoordinatorNode(
                config(number, Integer.parseInt(arguments[1]), Path.of(arguments[2]), members(arguments[3])),
                NodeHooks.of(fatal::complete).with(stop));
        ControlPort.open(text -> stop.answer(text.split(" ", -1)));
        node.start();
        System.out.println("SERVES");
        System.out.println("STOPPED " + fatal.join());
        Runtime.getRuntime().halt(1);
    }

    static List<Member> members(String ports) {
        String[] each = ports.split(",", -1);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < each.length; i += 2) {
            members.add(new Member(
                    new NodeId("node-" + (i / 2 + 1)),
                    "127.0.0.1",
                    Integer.parseInt(each[i]),
                    Integer.parseInt(each[i + 1])));
        }
        return List.copyOf(members);
    }

    private static NodeConfig config(int number, int shards, Path directory, List<Member> members) {
        NodeConfig config =
                NodeConfig.development("test", members.get(number).id(), members, directory.resolve("node-" + number));
        return config.with(new ClusterSettings("test", shards, members, true))
                .with(new RaftSettings(
                        config.raft().electionTimeoutMin(), config.raft().electionTimeoutMax(), LOG_BOUND_BYTES));
    }
}
