package dev.assent.coordinator.replication;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A node's identity as a small text file: {@code key = value} lines that an operator can read. It lies outside Raft's
 * own directories, so that a node notices when those are gone: Raft alone would format new ones and vote again under
 * its old id, having forgotten what it had acknowledged.
 *
 * @param identity who the node is
 * @param state how far its life has come
 */
record IdentityFile(NodeIdentity identity, State state) {
    private static final String FORMAT = "1";
    private static final String ENTRY = "entry";
    private static final String JOINED = "joined";

    /** Written in lower case. */
    enum State {
        /** From the birth until every group has been formatted once; only then may a missing group be created. */
        FORMING,
        FORMED,
        /** The cluster goes on without it, for ever. */
        REMOVED
    }

    /** What the file holds, or empty if there is none. */
    static Optional<IdentityFile> read(Path file) throws ReplicationException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new ReplicationException(
                    "Identity file " + file + " cannot be read (" + e.getMessage()
                            + "). Restore the file, or bring this node back with an empty directory and a new node id.",
                    e);
        }
    }

    /** Replaces the file so that after a crash either the old or the new one is there, whole. */
    void write(Path file) throws ReplicationException {
        try {
            DurableFiles.replace(file, text().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ReplicationException("Identity file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("# Who this coordinator node is. Written once; never edit or copy it.\n");
        text.append("format = ").append(FORMAT).append('\n');
        text.append("state = ").append(state.name().toLowerCase(Locale.ROOT)).append('\n');
        if (identity.isJoined()) {
            text.append(ENTRY + " = " + JOINED + "\n");
        }
        text.append("node = ").append(identity.node()).append('\n');
        text.append("cluster = ").append(identity.cluster()).append('\n');
        text.append("shards = ").append(identity.shards()).append('\n');
        identity.members()
                .forEach((node, address) -> text.append("member.")
                        .append(node)
                        .append(" = ")
                        .append(address)
                        .append('\n'));
        for (int shard = 0; shard < identity.shards(); shard++) {
            text.append("group.")
                    .append(shard)
                    .append(" = ")
                    .append(identity.group(shard))
                    .append('\n');
        }
        return text.toString();
    }

    private static IdentityFile parse(String text) {
        Map<String, String> values = values(text);
        if (!FORMAT.equals(take(values, "format"))) {
            throw new IllegalArgumentException("it is of a format that this release does not know");
        }
        State state = state(take(values, "state"));
        String entry = values.remove(ENTRY);
        if (entry != null && !entry.equals(JOINED)) {
            throw new IllegalArgumentException("unknown entry '" + entry + "'");
        }
        NodeId node = new NodeId(take(values, "node"));
        ClusterId cluster = ClusterId.parse(take(values, "cluster"));
        int shards = Integer.parseInt(take(values, "shards"));
        TreeMap<NodeId, String> members = new TreeMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith("member.")) {
                members.put(new NodeId(key.substring("member.".length())), value);
            }
        });
        NodeIdentity identity = new NodeIdentity(node, cluster, shards, members, entry != null);
        for (int shard = 0; shard < shards; shard++) {
            if (!identity.group(shard).toString().equals(take(values, "group." + shard))) {
                throw new IllegalArgumentException("group of shard " + shard + " is not that of this cluster");
            }
        }
        values.keySet().removeIf(key -> key.startsWith("member."));
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown lines " + values.keySet());
        }
        return new IdentityFile(identity, state);
    }

    private static State state(String text) {
        for (State state : State.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(text)) {
                return state;
            }
        }
        throw new IllegalArgumentException("unknown state '" + text + "'");
    }

    private static Map<String, String> values(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf(" = ");
            if (equals < 1 || values.put(line.substring(0, equals), line.substring(equals + 3)) != null) {
                throw new IllegalArgumentException("broken line '" + line + "'");
            }
        }
        return values;
    }

    private static String take(Map<String, String> values, String key) {
        String value = values.remove(key);
        if (value == null) {
            throw new IllegalArgumentException("no line '" + key + "'");
        }
        return value;
    }
}
