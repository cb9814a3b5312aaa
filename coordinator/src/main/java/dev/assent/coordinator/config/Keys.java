package dev.assent.coordinator.config;

import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** All settings: the one place that names them, bounds them and says what they mean. */
final class Keys {
    static final String MEMBERS = "cluster.members";
    static final String MEMBERS_ALLOWED = "1 to " + ClusterSettings.MAX_MEMBERS
            + " entries of id, host, client-port and raft-port; in the environment id@host:client-port:raft-port,…";

    static final Key<Boolean> DEVELOPMENT = Key.standard(
            "development",
            Kind.FLAG,
            "false",
            "Permits what production refuses, such as fault injection; shown in the cluster's status.");

    static final Key<String> CLUSTER_NAME = Key.required(
            "cluster.name", Kind.CLUSTER_NAME, "The cluster's name; every transaction's identifier begins with it.");
    static final Key<Integer> SHARDS = Key.standard(
            "cluster.shards",
            Kind.number(1, ClusterSettings.MAX_SHARDS),
            "1",
            "How many Raft groups share the load. Fixed when the cluster is born.");

    static final Key<NodeId> NODE_ID = Key.required(
            "node.id",
            Kind.NODE_ID,
            "Which of the members this node is. A node that lost its data directory comes back under a new id.");
    static final Key<String> LISTEN_HOST = Key.standard(
            "node.listen-host",
            Kind.HOST,
            NodeSettings.LOOPBACK,
            "The address that the node listens on; 0.0.0.0 opens it to the network.");
    static final Key<Integer> CLIENT_PORT = Key.derived(
            "node.client-port",
            Kind.PORT,
            "the client-port of its member entry",
            "gRPC for applications, participants and commands.");
    static final Key<Integer> RAFT_PORT =
            Key.derived("node.raft-port", Kind.PORT, "the raft-port of its member entry", "Between the nodes.");
    static final Key<Path> DATA_DIRECTORY = Key.required(
            "node.data-directory",
            Kind.PATH,
            "Identity, log and snapshots; of this node alone, on a disk that survives a restart.");

    static final Key<Duration> TIMEOUT = Key.standard(
            "transactions.timeout",
            Kind.duration("100ms", "24h"),
            "30s",
            "How long a transaction that asks for no timeout may take until its commit is decided.");
    static final Key<Duration> TIMEOUT_CAP = Key.standard(
            "transactions.timeout-cap",
            Kind.duration("100ms", "24h"),
            "10min",
            "The longest timeout that a transaction may ask for; longer ones are cut to it.");
    static final Key<Duration> PREPARE_TIMEOUT = Key.standard(
            "transactions.prepare-timeout",
            Kind.duration("50ms", "10min"),
            "5s",
            "How long a participant may take to vote. Too short aborts healthy transactions under load; too long holds"
                    + " row locks for that time when a participant dies.");
    static final Key<Duration> APPLY_WAIT = Key.standard(
            "transactions.apply-wait",
            Kind.duration("1ms", "10min"),
            "5s",
            "How long a commit waits for the branches' confirmation before it is answered without them.");
    static final Key<Integer> MAX_TRANSACTIONS = Key.standard(
            "transactions.max-transactions",
            Kind.number(1, 10_000_000),
            "100000",
            "Open transactions of one shard; further ones are refused until some have ended.");

    static final Key<Duration> SESSION_LEASE = Key.standard(
            "sessions.session-lease",
            Kind.duration("1s", "10min"),
            "10s",
            "How long a process that says nothing counts as alive; its branches without a vote are aborted after"
                    + " that.");
    static final Key<Duration> LEASE_TIME = Key.standard(
            "sessions.lease-time",
            Kind.duration("10s", "24h"),
            "10min",
            "How long a process may hold a block of transaction numbers.");

    static final Key<Long> OUTCOME_MEMORY = Key.standard(
            "outcomes.outcome-memory",
            Kind.size("1MiB", "16GiB"),
            "64MiB",
            "What the outcomes of one shard may take; one bit a transaction.");
    static final Key<Duration> OUTCOME_RETENTION = Key.standard(
            "outcomes.outcome-retention",
            Kind.duration("1min", "720h"),
            "1h",
            "Outcomes younger than this are never forgotten.");

    static final Key<Duration> ELECTION_TIMEOUT_MIN = Key.standard(
            "raft.election-timeout-min",
            Kind.duration("100ms", "60s"),
            "500ms",
            "A follower that hears nothing for a random time between this and the maximum stands for election. Shorter"
                    + " than 500ms makes healthy leaders fall on busy machines.");
    static final Key<Duration> ELECTION_TIMEOUT_MAX = Key.standard(
            "raft.election-timeout-max", Kind.duration("100ms", "120s"), "1s", "The other end of that range.");
    static final Key<Long> LOG_BOUND = Key.standard(
            "raft.log-bound",
            Kind.size("1MiB", "64GiB"),
            "256MiB",
            "How far a shard's log may grow before a snapshot replaces it.");

    static final Key<NodeId> MEMBER_ID =
            Key.required("id", Kind.NODE_ID, "The member's name, for ever: no two nodes ever share one.");
    static final Key<String> MEMBER_HOST = Key.required(
            "host", Kind.HOST, "Where the others reach it; prefer a stable DNS name, because the log remembers it.");
    static final Key<Integer> MEMBER_CLIENT_PORT =
            Key.required("client-port", Kind.PORT, "gRPC for applications, participants and commands.");
    static final Key<Integer> MEMBER_RAFT_PORT =
            Key.required("raft-port", Kind.PORT, "Between the nodes; another one than the client port.");

    /** All but the members, in the order of the reference. */
    static final List<Key<?>> SCALARS = List.of(
            DEVELOPMENT,
            CLUSTER_NAME,
            SHARDS,
            NODE_ID,
            LISTEN_HOST,
            CLIENT_PORT,
            RAFT_PORT,
            DATA_DIRECTORY,
            TIMEOUT,
            TIMEOUT_CAP,
            PREPARE_TIMEOUT,
            APPLY_WAIT,
            MAX_TRANSACTIONS,
            SESSION_LEASE,
            LEASE_TIME,
            OUTCOME_MEMORY,
            OUTCOME_RETENTION,
            ELECTION_TIMEOUT_MIN,
            ELECTION_TIMEOUT_MAX,
            LOG_BOUND);

    /** What stands in each entry of the members. */
    static final List<Key<?>> MEMBER = List.of(MEMBER_ID, MEMBER_HOST, MEMBER_CLIENT_PORT, MEMBER_RAFT_PORT);

    private Keys() {}
}
