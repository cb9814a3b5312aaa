package dev.assent.coordinator.replication;

/**
 * Where a member is reached, each {@code host:port}.
 *
 * @param raft by the other nodes
 * @param client by applications, participants and commands; empty if the log does not tell
 */
public record MemberAddresses(String raft, String client) {}
