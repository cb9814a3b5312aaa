package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord.Abandoned;
import dev.assent.protocol.coordinator.LogRecord.ClusterCreated;
import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.coordinator.LogRecord.Ended;
import dev.assent.protocol.coordinator.LogRecord.Forgotten;
import dev.assent.protocol.coordinator.LogRecord.HeuristicFound;
import dev.assent.protocol.coordinator.LogRecord.LeaderStarted;
import dev.assent.protocol.coordinator.LogRecord.Settled;
import dev.assent.protocol.message.BlockId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a shard's log says: the cluster's identity, the decision table, the memory of outcomes, heuristics and what
 * operators did about them. The same records give the same state on every replica, after a restart and through a
 * snapshot; no clock, no order of arrival and no leader's memory has a part in it.
 *
 * <p>{@link #apply} tells of each record whether it stood. A void record did nothing anywhere, and the verdict is the
 * same everywhere, so that a leader learns from its own record that it was deposed.
 *
 * <p>Thread-safe: a replica's applier writes while the shard's core reads. Each method sees whole records only.
 */
public final class ReplicatedState {
    private Optional<ClusterCreated> cluster = Optional.empty();
    private Optional<LeaderStarted> leader = Optional.empty();
    private long leaderTerm;
    private final NavigableMap<Xid, CommitDecided> decisions = new TreeMap<>();
    private final OutcomeBlocks outcomes = new OutcomeBlocks();
    private final PerBranch<HeuristicFound> heuristics = new PerBranch<>();
    private final PerBranch<Abandoned> abandoned = new PerBranch<>();
    private final PerBranch<Settled> settled = new PerBranch<>();

    /** The state before the first record. */
    public ReplicatedState() {}

    public static ReplicatedState of(StateImage image) {
        ReplicatedState state = new ReplicatedState();
        state.restore(image);
        return state;
    }

    /**
     * Applies the next record of the log.
     *
     * @param entryTerm the Raft term of its entry; never lower than that of an earlier call
     * @return whether it stood
     */
    public synchronized boolean apply(long entryTerm, LogRecord record) {
        if (record instanceof CommitDecided decided) {
            return applyDecision(entryTerm, decided);
        } else if (record instanceof Ended ended) {
            return applyEnded(entryTerm, ended.xid());
        } else if (record instanceof LeaderStarted started) {
            return applyLeader(entryTerm, started);
        } else if (record instanceof Forgotten forgotten) {
            return !holdsDecision(forgotten.block()) && outcomes.forget(forgotten.block());
        } else if (record instanceof HeuristicFound found) {
            return applyHeuristic(found);
        } else if (record instanceof Abandoned gaveUp) {
            CommitDecided decision = decisions.get(gaveUp.xid());
            return decision != null
                    && decision.branches().contains(gaveUp.branch())
                    && abandoned.putIfAbsent(gaveUp.xid(), gaveUp.branch(), gaveUp);
        } else if (record instanceof Settled settlement) {
            return applySettled(settlement);
        } else if (record instanceof ClusterCreated created) {
            if (cluster.isPresent()) {
                return false;
            }
            cluster = Optional.of(created);
            return true;
        }
        throw new AssertionError("unknown record " + record);
    }

    /**
     * The term rule: a transaction commits only through an entry of the term in which it began. Log terms never
     * decrease, so one applied entry of a later term closes the set of committed xids of all earlier ones for ever.
     */
    private boolean applyDecision(long entryTerm, CommitDecided decided) {
        Xid xid = decided.xid();
        if (xid.term() != entryTerm || !isOfThisShard(xid)) {
            return false;
        }
        // Written twice and applied late, it must not list again what has ended.
        if (outcomes.isSet(xid) || outcomes.isForgotten(BlockId.of(xid))) {
            return true;
        }
        decisions.putIfAbsent(xid, decided);
        return true;
    }

    /** Stands for what is listed; in its own term also for a transaction that ended without a YES. */
    private boolean applyEnded(long entryTerm, Xid xid) {
        boolean wasListed = decisions.remove(xid) != null;
        if (!wasListed && (xid.term() != entryTerm || !isOfThisShard(xid))) {
            return false;
        }
        abandoned.removeAll(xid);
        settled.removeAll(xid);
        outcomes.set(xid);
        return true;
    }

    private boolean applyLeader(long entryTerm, LeaderStarted started) {
        if (entryTerm <= leaderTerm) {
            return false;
        }
        leader = Optional.of(started);
        leaderTerm = entryTerm;
        return true;
    }

    private boolean applyHeuristic(HeuristicFound found) {
        boolean isListed = decisions.containsKey(found.xid());
        boolean fits = switch (found.kind()) {
            // What an operator has closed is not opened again by a record that was written twice.
            case ROLLED_BACK -> isListed && !settled.contains(found.xid(), found.branch());
            case COMMITTED -> !isListed && !outcomes.isSet(found.xid()) && isOfThisShard(found.xid());
        };
        return fits && heuristics.putIfAbsent(found.xid(), found.branch(), found);
    }

    private boolean applySettled(Settled settlement) {
        boolean closesHeuristic = heuristics.remove(settlement.xid(), settlement.branch());
        boolean closesAbandoned = abandoned.remove(settlement.xid(), settlement.branch());
        if ((closesHeuristic || closesAbandoned) && decisions.containsKey(settlement.xid())) {
            settled.putIfAbsent(settlement.xid(), settlement.branch(), settlement);
        }
        return closesHeuristic || closesAbandoned;
    }

    private boolean isOfThisShard(Xid xid) {
        return cluster.isPresent()
                && cluster.get().shard() == xid.shard()
                && cluster.get().cluster().equals(xid.cluster());
    }

    private boolean holdsDecision(BlockId block) {
        return decisions.keySet().stream().anyMatch(xid -> BlockId.of(xid).equals(block));
    }

    // ---- what a core asks ----

    /** The shard's identity, once its first record is applied. */
    public synchronized Optional<ClusterCreated> cluster() {
        return cluster;
    }

    /** The decision, if the transaction is listed: decided and not ended. */
    public synchronized Optional<CommitDecided> decision(Xid xid) {
        return Optional.ofNullable(decisions.get(xid));
    }

    /** Everything listed, oldest xid first. */
    public synchronized List<CommitDecided> decisions() {
        return List.copyOf(decisions.values());
    }

    /** Whether it committed and has ended. */
    public synchronized boolean isEnded(Xid xid) {
        return outcomes.isSet(xid);
    }

    /** Whether its outcome was remembered once and is no longer. */
    public synchronized boolean isForgotten(Xid xid) {
        return outcomes.isForgotten(BlockId.of(xid));
    }

    /** Branches known to have done something else than was decided, unresolved; sorted. */
    public synchronized List<HeuristicFound> heuristics(Xid xid) {
        return heuristics.of(xid);
    }

    /** Branches that an operator gave up and nobody settled; sorted. */
    public synchronized List<BranchId> abandoned(Xid xid) {
        return abandoned.of(xid).stream().map(Abandoned::branch).toList();
    }

    /** Branches of a listed transaction whose acknowledgement an operator gave; sorted. */
    public synchronized List<BranchId> settled(Xid xid) {
        return settled.of(xid).stream().map(Settled::branch).toList();
    }

    /** Memory that the outcomes take, in bytes, about. */
    public synchronized long outcomeMemoryBytes() {
        return outcomes.memoryBytes();
    }

    /** Blocks with a remembered outcome, oldest first. */
    public synchronized List<BlockId> outcomeBlocks() {
        return outcomes.stored();
    }

    // ---- snapshots ----

    /** All of it, as a value. */
    public synchronized StateImage image() {
        return new StateImage(
                cluster,
                leader,
                leaderTerm,
                new ArrayList<>(decisions.values()),
                outcomes.blocks(),
                outcomes.forgotten(),
                heuristics.all(),
                abandoned.all(),
                settled.all());
    }

    /** Replaces everything. */
    public synchronized void restore(StateImage image) {
        cluster = image.cluster();
        leader = image.leader();
        leaderTerm = image.leaderTerm();
        decisions.clear();
        image.decisions().forEach(decided -> decisions.put(decided.xid(), decided));
        outcomes.restore(image.blocks(), image.forgotten());
        heuristics.clear();
        image.heuristics().forEach(found -> heuristics.putIfAbsent(found.xid(), found.branch(), found));
        abandoned.clear();
        image.abandoned().forEach(gaveUp -> abandoned.putIfAbsent(gaveUp.xid(), gaveUp.branch(), gaveUp));
        settled.clear();
        image.settled().forEach(done -> settled.putIfAbsent(done.xid(), done.branch(), done));
    }

    /** Facts about single branches, by xid and branch. */
    private static final class PerBranch<V> {
        private final NavigableMap<Xid, NavigableMap<BranchId, V>> facts = new TreeMap<>();

        boolean putIfAbsent(Xid xid, BranchId branch, V fact) {
            return facts.computeIfAbsent(xid, x -> new TreeMap<>()).putIfAbsent(branch, fact) == null;
        }

        boolean contains(Xid xid, BranchId branch) {
            NavigableMap<BranchId, V> ofXid = facts.get(xid);
            return ofXid != null && ofXid.containsKey(branch);
        }

        boolean remove(Xid xid, BranchId branch) {
            NavigableMap<BranchId, V> ofXid = facts.getOrDefault(xid, new TreeMap<>());
            boolean wasThere = ofXid.remove(branch) != null;
            if (ofXid.isEmpty()) {
                facts.remove(xid);
            }
            return wasThere;
        }

        void removeAll(Xid xid) {
            facts.remove(xid);
        }

        List<V> of(Xid xid) {
            return List.copyOf(
                    facts.getOrDefault(xid, Collections.emptyNavigableMap()).values());
        }

        List<V> all() {
            List<V> all = new ArrayList<>();
            facts.values().forEach(ofXid -> all.addAll(ofXid.values()));
            return all;
        }

        void clear() {
            facts.clear();
        }
    }
}
