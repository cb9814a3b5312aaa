package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Xid;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A node: a replica that applies the log, and a core that hears of it later, through its queue. A twin core, which sees
 * the same, must want the same.
 */
final class ModelNode {
    private final int number;
    private final ShardSettings settings;
    private final ArrayDeque<Input> inbox = new ArrayDeque<>();
    /** Transactions whose decision this core was told of, or found when it became ready. */
    private final Set<Xid> knownDecisions = new LinkedHashSet<>();

    private ReplicatedState state = new ReplicatedState();
    private ShardCore core;
    private ShardCore twin;
    private long loops;
    private int appliedCount;
    private boolean hasLossToHear;

    ModelNode(int number, ShardSettings settings) {
        this.number = number;
        this.settings = settings;
        core = newCore();
        twin = newCore();
    }

    private ShardCore newCore() {
        ShardIdentity identity =
                new ShardIdentity(Names.CLUSTER, Names.SHARD, new NodeId("n" + number), number * 1_000L + loops);
        return new ShardCore(identity, settings, state);
    }

    /** The process dies and comes back from an image of what it had applied. */
    void restart(List<Input> sessions) {
        StateImage image = state.image();
        state = ReplicatedState.of(image);
        assertThat(state.image()).isEqualTo(image);
        inbox.clear();
        knownDecisions.clear();
        hasLossToHear = false;
        loops++;
        core = newCore();
        twin = newCore();
        inbox.addAll(sessions);
    }

    boolean isBehind(ModelLog log) {
        return appliedCount < log.committed().size();
    }

    void applyOne(ModelLog log) {
        ModelLog.Entry entry = log.committed().get(appliedCount++);
        boolean stood = state.apply(entry.term(), entry.record());
        inbox.add(new Input.Applied(entry.term(), entry.record(), stood));
    }

    /** A follower too far behind gets the state as a whole; its core hears nothing of what that holds. */
    void installSnapshot(ModelNode from) {
        state.restore(from.state.image());
        appliedCount = from.appliedCount;
    }

    /** Raft's word comes only when everything of earlier terms is applied. */
    void won(ModelLog log) {
        hearLoss();
        while (isBehind(log)) {
            applyOne(log);
        }
        inbox.add(new Input.LeadershipWon());
    }

    void lost() {
        hasLossToHear = true;
    }

    void hearLoss() {
        if (hasLossToHear) {
            hasLossToHear = false;
            inbox.add(new Input.LeadershipLost());
        }
    }

    void arrives(Input input) {
        inbox.add(input);
    }

    boolean hasInput() {
        return !inbox.isEmpty();
    }

    Input nextInput() {
        return inbox.remove();
    }

    List<Effect> feed(Input input, long nowNanos) {
        boolean wasReady = core.isReady();
        List<Effect> effects = core.on(input, nowNanos);
        assertThat(twin.on(input, nowNanos)).as("L6: same inputs, same effects").isEqualTo(effects);
        if (input instanceof Input.Applied applied
                && applied.stood()
                && applied.record() instanceof LogRecord.CommitDecided decided) {
            knownDecisions.add(decided.xid());
        }
        if (core.isReady() && !wasReady) {
            state.decisions().forEach(decided -> knownDecisions.add(decided.xid()));
        }
        return effects;
    }

    /** L5: whether this core may tell of the commit. Ended transactions were decided in the replica's past. */
    boolean mayTellCommit(Xid xid) {
        return knownDecisions.contains(xid) || state.isEnded(xid);
    }

    int number() {
        return number;
    }

    int appliedCount() {
        return appliedCount;
    }

    ShardCore core() {
        return core;
    }

    ReplicatedState state() {
        return state;
    }
}
