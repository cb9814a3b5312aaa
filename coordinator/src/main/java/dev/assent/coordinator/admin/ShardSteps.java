package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Single changes of single shards, asked of whoever leads the shard at the moment. Leaders change, and changes of others
 * are under way: what may be cured by asking again is asked again for a while.
 */
final class ShardSteps {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** An election takes a second or two, on a bad day a few more. */
    private static final int ATTEMPTS_FOR_A_LEADER = 40;

    /** A node that died or came back a moment ago is noticed by then. */
    private static final int ATTEMPTS_FOR_A_QUORUM = 12;

    private static final int ATTEMPTS = 60;

    private final Supplier<ClusterSurvey> surveys;
    private final Function<String, AdminClient> clients;

    ShardSteps(Supplier<ClusterSurvey> surveys, Function<String, AdminClient> clients) {
        this.surveys = surveys;
        this.clients = clients;
    }

    /**
     * Waits for a leader and a majority of members that answer: for a moment a leader that has lost its followers does not
     * know it yet.
     *
     * @throws ClusterRefusedException if there is none for long
     */
    ClusterSurvey requireLeader(int shard) throws ClusterRefusedException {
        ClusterSurvey last = surveys.get();
        for (int attempt = 1; last.leader(shard).isEmpty() || !hasMajority(shard, last); attempt++) {
            if (attempt >= ATTEMPTS_FOR_A_LEADER) {
                throw leaderless(shard, last);
            }
            pause();
            last = surveys.get();
        }
        return last;
    }

    /** @return whether the node was no member before */
    boolean add(int shard, Member added) throws ClusterRefusedException {
        return step(shard, leader -> leader.addMember(shard, added));
    }

    /** @return whether the node was a member before */
    boolean remove(int shard, NodeId removed) throws ClusterRefusedException {
        return step(shard, leader -> leader.removeMember(shard, removed));
    }

    /** Returns when the node leads and is ready. */
    boolean transfer(int shard, NodeId to) throws ClusterRefusedException {
        boolean isChanged = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (requireLeader(shard).leader(shard).filter(to::equals).isPresent()) {
                return isChanged;
            }
            isChanged |= step(shard, leader -> {
                leader.transferLeadership(shard, to);
                return true;
            });
            pause();
        }
        throw ClusterRefusedException.refused(
                "Shard " + shard + " is not led by '" + to + "'.",
                "It was asked to take over and has not become ready.",
                "Look at ./assent cluster status and at the node's log, and run the command again.");
    }

    private interface Asking {
        boolean ask(AdminClient leader);
    }

    private boolean step(int shard, Asking asking) throws ClusterRefusedException {
        Optional<StatusRuntimeException> last = Optional.empty();
        int risks = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ClusterSurvey now = requireLeader(shard);
            String leader = now.leader(shard).flatMap(now::address).orElseThrow();
            try {
                return asking.ask(clients.apply(leader));
            } catch (StatusRuntimeException e) {
                last = Optional.of(e);
                risks += AdminErrors.reason(e).equals("QUORUM_AT_RISK") ? 1 : 0;
                if (!mayBeCured(e) || risks >= ATTEMPTS_FOR_A_QUORUM) {
                    throw refused(shard, e);
                }
            }
            pause();
        }
        throw refused(shard, last.orElseThrow());
    }

    private static boolean mayBeCured(StatusRuntimeException e) {
        return switch (AdminErrors.reason(e)) {
            case "NOT_LEADER", "CHANGE_UNDER_WAY", "QUORUM_AT_RISK", "NOT_DONE" -> true;
            case "" ->
                e.getStatus().getCode() == Status.Code.UNAVAILABLE
                        || e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED;
            default -> false;
        };
    }

    private static ClusterRefusedException refused(int shard, StatusRuntimeException e) {
        String remedy = switch (AdminErrors.reason(e)) {
            case "ID_SPENT" ->
                "Give the new node an id that was never used and an empty data directory, and add that one.";
            case "CLASH" -> "Remove the node that has the address first, or give the new one another address.";
            case "QUORUM_AT_RISK" ->
                "Start the nodes again that are not heard of, or remove those that are dead; then repeat this command.";
            case "NOT_DONE" ->
                "See that the nodes reach each other's raft-port, and run the command again: it goes on where it stopped.";
            default -> "Look at ./assent cluster status, and run the command again: it goes on where it stopped.";
        };
        return ClusterRefusedException.refused(
                "Shard " + shard + " was not changed: " + AdminErrors.text(e) + ".",
                "Shards before it keep what was done; those after it were not asked.",
                remedy);
    }

    private static boolean hasMajority(int shard, ClusterSurvey survey) {
        int members = survey.members(shard).size();
        return members - survey.silentMembers(shard).size() >= members / 2 + 1;
    }

    private static ClusterRefusedException leaderless(int shard, ClusterSurvey survey) {
        List<NodeId> silent = survey.silentMembers(shard);
        int members = survey.members(shard).size();
        int needed = members / 2 + 1;
        int alive = members - silent.size();
        if (hasMajority(shard, survey)) {
            return ClusterRefusedException.unreachable(
                    "Shard " + shard + " has no leader.",
                    "Enough of its members answer; they may not reach each other.",
                    "Look at ./assent cluster status and the nodes' logs, and run the command again.");
        }
        return ClusterRefusedException.unreachable(
                "Shard " + shard + " cannot be changed: of its " + members + " members only " + alive + " answer, and "
                        + needed + " are needed.",
                "Members are changed by a majority of them, and nothing else may: the silent ones could hold decisions"
                        + " that no other node has. Nothing was changed.",
                "Start " + (needed - alive == 1 ? "one" : Integer.toString(needed - alive)) + " of " + silent
                        + " again, with the data directory that it had; nothing else helps. Then run the command"
                        + " again.");
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}
