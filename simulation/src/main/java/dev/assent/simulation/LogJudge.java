package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.message.BlockId;
import dev.assent.simulation.Violation.Law;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Judges one shard's committed log, record by record, and that all replicas take it alike. */
final class LogJudge {
    private final World world;
    private final Judge judge;
    private final int shard;
    private final IdentityHashMap<LogRecord, Boolean> verdicts = new IdentityHashMap<>();
    private final Set<BlockId> forgotten = new HashSet<>();
    private final Map<Long, Boolean> startedTerms = new HashMap<>();

    LogJudge(World world, Judge judge, int shard) {
        this.world = world;
        this.judge = judge;
        this.shard = shard;
    }

    boolean isForgotten(BlockId block) {
        return forgotten.contains(block);
    }

    /** The entry is in the log for ever. What it means is known from here on, though nobody may have applied it. */
    void committed(LogEntry entry) {
        for (LogRecord record : entry.records) {
            if (record instanceof LogRecord.CommitDecided decided) {
                decided(entry, decided);
            } else if (record instanceof LogRecord.Ended ended) {
                ended(entry, ended);
            } else if (record instanceof LogRecord.LeaderStarted) {
                world.hash(entry.term);
                if (startedTerms.putIfAbsent(entry.term, true) != null) {
                    world.marks.sometimes(Mark.LEADER_STARTED_VOID);
                }
            } else if (record instanceof LogRecord.Abandoned gaveUp) {
                judge.of(gaveUp.xid()).isAbandoned = true;
            }
        }
    }

    /** A decision stands in the term of its transaction only; the first one is the decision. */
    private void decided(LogEntry entry, LogRecord.CommitDecided decided) {
        if (decided.xid().term() != entry.term) {
            world.marks.sometimes(Mark.DECISION_VOID);
            return;
        }
        TransactionFacts of = judge.of(decided.xid());
        LogRecord.CommitDecided before = of.decision;
        if (before != null) {
            if (!before.branches().equals(decided.branches())) {
                throw new Violation(Law.AC2, "two decisions of " + decided.xid() + " differ");
            }
            return;
        }
        of.decision = decided;
        world.operators.decided(decided);
        world.hash(decided.xid().seq());
        if (decided.branches().size() > 2) {
            world.marks.sometimes(Mark.MANY_BRANCHES);
        }
        if (of.toldAborted != null) {
            throw new Violation(Law.AC4, decided.xid() + " is decided COMMIT, and somebody was told " + of.toldAborted);
        }
        for (BranchId branch : decided.branches()) {
            LocalTransaction work = of.branch(branch);
            boolean canCommit = work != null
                    && (work.state == LocalTransaction.State.PREPARED || (work.isEnded() && work.isByHand));
            if (!canCommit) {
                throw new Violation(Law.AC3, decided.xid() + " is decided COMMIT, and a branch is " + work);
            }
        }
    }

    private void ended(LogEntry entry, LogRecord.Ended ended) {
        TransactionFacts of = judge.of(ended.xid());
        LogRecord.CommitDecided decision = of.decision;
        if (decision == null) {
            of.hasEnded |= ended.xid().term() == entry.term;
            return;
        }
        of.hasEnded = true;
        for (BranchId branch : decision.branches()) {
            LocalTransaction work = of.branch(branch);
            boolean isDone = work != null
                    && (work.state == LocalTransaction.State.COMMITTED
                            || work.isByHand
                            || work.isCommitLost
                            || of.isAbandoned);
            if (!isDone) {
                throw new Violation(Law.AC7, ended.xid() + " ends, and a branch is " + work);
            }
        }
    }

    /** A replica applied a record: all must give the same verdict. */
    void applied(LogEntry entry, LogRecord record, boolean stood, ReplicatedState state) {
        Boolean before = verdicts.putIfAbsent(record, stood);
        if (before == null) {
            first(entry, record, stood);
        } else if (before != stood) {
            throw new Violation(Law.AC8, "replicas of shard " + shard + " differ about " + record);
        }
    }

    private void first(LogEntry entry, LogRecord record, boolean stood) {
        if (!stood) {
            return;
        }
        if (record instanceof LogRecord.CommitDecided decided && decided.xid().term() != entry.term) {
            throw new Violation(Law.AC2, decided + " stands in an entry of term " + entry.term);
        } else if (record instanceof LogRecord.Forgotten gone) {
            forgotten.add(gone.block());
            world.marks.sometimes(Mark.OUTCOMES_FORGOTTEN);
        } else if (record instanceof LogRecord.HeuristicFound found) {
            heuristic(found);
        } else if (record instanceof LogRecord.Settled) {
            world.marks.sometimes(Mark.HEURISTIC_SETTLED);
        } else if (record instanceof LogRecord.Abandoned) {
            world.marks.sometimes(Mark.BRANCH_ABANDONED);
        }
    }

    private void heuristic(LogRecord.HeuristicFound found) {
        TransactionFacts of = judge.of(found.xid());
        LocalTransaction work = of.branch(found.branch());
        LocalTransaction.State against = found.kind() == HeuristicKind.COMMITTED
                ? LocalTransaction.State.COMMITTED
                : LocalTransaction.State.ROLLED_BACK;
        boolean isTrue = work != null
                && work.isByHand
                && work.state == against
                && of.isDecidedFor(found.branch()) == (found.kind() == HeuristicKind.ROLLED_BACK);
        if (!isTrue) {
            throw new Violation(Law.HEURISTICS, found + " is reported, and the branch is " + work);
        }
        of.heuristics.add(found.branch());
        world.marks.sometimes(Mark.HAND_AGAINST_DECISION);
    }
}
