package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever a remote side sends, in whatever order, is answered with a value: an assertion would let one broken client
 * stop a shard for everybody. And each request is answered, at the latest when the leadership ends.
 */
class HostileInputTest {
    private static final int HISTORIES = Integer.getInteger("histories", 2_000);
    private static final int STEPS = 300;
    private static final long TERM = 5;
    private static final List<InstanceId> INSTANCES =
            List.of(Names.P1, Names.P2, Names.Q1, Names.I1, Names.instance("p9"));

    private Draw draw = new Draw(0);
    private final ArrayDeque<LogRecord> pending = new ArrayDeque<>();
    private final Set<RequestId> asked = new LinkedHashSet<>();
    private final Set<RequestId> answered = new LinkedHashSet<>();
    private final TreeSet<String> wanted = new TreeSet<>();
    private ReplicatedState state = new ReplicatedState();
    private ShardCore core = newCore();
    private long nowNanos;
    private int steps;

    @Test
    void nothingThatARemoteSendsBreaksTheCoreAndEveryRequestIsAnswered() {
        for (long seed = 0; seed < HISTORIES; seed++) {
            try {
                run(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        assertThat(wanted)
                .as("histories that reach nothing prove nothing")
                .contains("LeaderStarted", "CommitDecided", "Ended", "HeuristicFound", "Abandoned", "Settled");
    }

    private void run(long seed) {
        draw = new Draw(seed);
        pending.clear();
        asked.clear();
        answered.clear();
        state = new ReplicatedState();
        core = newCore();
        nowNanos = 0;
        state.apply(1, new LogRecord.ClusterCreated(Names.CLUSTER, Names.SHARD, 2));
        state.apply(TERM - 1, new LogRecord.CommitDecided(Names.xid(TERM - 1, 0), List.of(Names.A1, Names.B1), 0));
        for (InstanceId instance : INSTANCES) {
            feed(new Input.SessionOpened(instance, "name" + instance, resources()));
        }
        feed(new Input.LeadershipWon());
        for (int step = 0; step < STEPS; step++) {
            steps = step;
            feed(input());
        }
        feed(new Input.LeadershipLost());
        assertThat(answered).containsExactlyInAnyOrderElementsOf(asked);
        assertThat(core.transactionCount()).isZero();
    }

    private ShardCore newCore() {
        ShardIdentity identity = new ShardIdentity(Names.CLUSTER, Names.SHARD, new NodeId("n1"), 1);
        return new ShardCore(identity, CompetingNodes.SETTINGS, state);
    }

    private void feed(Input input) {
        for (Effect effect : core.on(input, nowNanos)) {
            if (effect instanceof Effect.Append append) {
                pending.add(append.record());
                wanted.add(append.record().getClass().getSimpleName());
                if (draw.percent(5)) {
                    pending.add(append.record());
                }
            } else if (effect instanceof Effect.Reply reply) {
                answered.add(reply.request());
            }
        }
    }

    private Input input() {
        switch (draw.below(20)) {
            case 0, 1, 2, 3:
                if (!pending.isEmpty()) {
                    LogRecord record = pending.remove();
                    return new Input.Applied(TERM, record, state.apply(TERM, record));
                }
                return request();
            case 4:
                return new Input.SessionOpened(instance(), "name" + draw.below(3), resources());
            case 5:
                return draw.percent(30)
                        ? new Input.SessionClosed(instance(), draw.percent(50))
                        : new Input.SessionHeard(instance());
            case 6:
                nowNanos += draw.below(4) * 700_000_000L;
                return new Input.Tick();
            case 7, 8, 9, 10, 11:
                return request();
            default:
                BranchId branch = branch();
                return new Input.Noticed(draw.percent(80) ? branch.instance() : instance(), notice(branch));
        }
    }

    private Notice notice(BranchId branch) {
        return switch (draw.below(14)) {
            case 0 -> new Notice.BlockWanted();
            case 1 -> new Notice.BlockReturned(new BlockId(TERM - draw.below(2), draw.below(4) - 1));
            case 2, 3, 4, 5 -> new Notice.Enlist(xid(), branch, wish());
            case 6, 7, 8, 9 -> new Notice.Voted(xid(), branch, vote(), draw.percent(70) ? 1 : draw.below(4) - 1);
            case 10 -> new Notice.Asked(xid(), branch);
            case 11 -> new Notice.RowShown(xid(), branch);
            default -> new Notice.Reported(xid(), branch, draw.oneOf(List.of(BranchReport.values())));
        };
    }

    private Input request() {
        // A number may be used again, by a client that is broken or repeats itself.
        RequestId id = new RequestId("", draw.below(200));
        asked.add(id);
        Request request = switch (draw.below(8)) {
            case 0 -> new Request.Begin(draw.percent(50) ? Optional.of(xid()) : Optional.empty(), wish());
            case 1, 2, 3 -> new Request.Commit(xid(), draw.oneOf(List.of(AnswerMode.values())), sums());
            case 4 -> new Request.Rollback(xid(), AbortCause.of(AbortCause.Kind.CALL_FAILED));
            case 5 -> new Request.OutcomeQuestion(xid());
            case 6 -> new Request.Abandon(xid(), branch(), "ann", "");
            default -> new Request.Settle(xid(), branch(), "ann", "");
        };
        return new Input.Requested(id, request);
    }

    private Xid xid() {
        if (draw.percent(3)) {
            return new Xid(draw.percent(50) ? Names.FOREIGN : Names.CLUSTER, draw.below(2), TERM, draw.below(4));
        }
        if (draw.percent(50)) {
            // One after the other, so that some live long enough to be committed.
            return Names.xid(TERM, steps / 40);
        }
        long term = draw.percent(80) ? TERM : TERM - 1 + draw.below(3);
        return Names.xid(term, draw.percent(2) ? Xid.MAX_NUMBER : draw.below(3) * BlockId.SIZE + draw.below(6));
    }

    private BranchId branch() {
        return Names.branch(draw.oneOf(List.of("a", "b")), instance(), 1);
    }

    private InstanceId instance() {
        return draw.oneOf(INSTANCES);
    }

    private List<ResourceName> resources() {
        List<ResourceName> resources = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            if (draw.percent(90)) {
                resources.add(new ResourceName(name));
            }
        }
        return resources;
    }

    private Vote vote() {
        return draw.oneOf(List.of(Vote.YES, Vote.YES, Vote.YES, Vote.READ_ONLY, Vote.no("no")));
    }

    private long wish() {
        return draw.oneOf(List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 500_000_000L));
    }

    private CallSums sums() {
        if (draw.percent(70)) {
            return CallSums.NONE_KEPT;
        }
        return draw.percent(50) ? Names.sums() : Names.sums(branch());
    }
}
