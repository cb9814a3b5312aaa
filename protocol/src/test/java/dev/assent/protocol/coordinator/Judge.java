package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What must hold in every history, and whether the history reached what makes it worth judging. */
final class Judge {
    private final ModelLog log;
    private final List<ModelNode> nodes;
    private final List<ModelTransaction> transactions;
    private final Map<Xid, LogRecord.CommitDecided> decided = new LinkedHashMap<>();
    private final TreeSet<String> marks = new TreeSet<>();
    private final ReplicatedState reference = new ReplicatedState();
    private int seen;

    Judge(ModelLog log, List<ModelNode> nodes, List<ModelTransaction> transactions) {
        this.log = log;
        this.nodes = nodes;
        this.transactions = transactions;
    }

    TreeSet<String> marks() {
        return marks;
    }

    /** An effect is wanted: whatever tells of a commit must follow the applied record. */
    void wanted(ModelNode node, Effect effect) {
        if (effect instanceof Effect.Send send) {
            toldCommit(send.command())
                    .ifPresent(xid -> assertThat(node.mayTellCommit(xid))
                            .as("L5: n%s sends %s before the decision has applied", node.number(), Names.show(effect))
                            .isTrue());
        }
    }

    private static Optional<Xid> toldCommit(Command command) {
        if (command instanceof Command.CommitBranch it) {
            return Optional.of(it.xid());
        } else if (command instanceof Command.BranchAnswer it && it.verdict() == Command.Verdict.COMMIT) {
            return Optional.of(it.xid());
        } else if (command instanceof Command.Forget it) {
            return Optional.of(it.xid());
        }
        return Optional.empty();
    }

    void afterEvent() {
        readLog();
        transactions.forEach(this::judge);
        markLeaders();
    }

    private void readLog() {
        for (; seen < log.committed().size(); seen++) {
            ModelLog.Entry entry = log.committed().get(seen);
            boolean stood = reference.apply(entry.term(), entry.record());
            if (entry.record() instanceof LogRecord.CommitDecided record) {
                if (!stood) {
                    marks.add("void decision");
                } else {
                    marks.add("decided");
                    LogRecord.CommitDecided first = decided.putIfAbsent(record.xid(), record);
                    assertThat(first == null || first.branches().equals(record.branches()))
                            .as("AC2: two decisions of %s", record.xid())
                            .isTrue();
                }
            } else if (entry.record() instanceof LogRecord.LeaderStarted && !stood) {
                marks.add("void LeaderStarted");
            } else if (entry.record() instanceof LogRecord.HeuristicFound found) {
                assertThat(transaction(found.xid()).wasTouched())
                        .as("a heuristic that nobody made: %s", Names.show(found))
                        .isTrue();
                marks.add("heuristic " + found.kind());
            }
        }
    }

    private ModelTransaction transaction(Xid xid) {
        return transactions.stream()
                .filter(tx -> tx.xid.equals(xid))
                .findFirst()
                .orElseThrow();
    }

    private void judge(ModelTransaction tx) {
        tx.told().forEach(told -> marks.add("told " + told));
        if (tx.wasTouched()) {
            marks.add("touched by hand");
            return;
        }
        Optional<LogRecord.CommitDecided> decision = Optional.ofNullable(decided.get(tx.xid));
        boolean isCommitted = tx.isAny(ModelBranch.State.COMMITTED);
        boolean isAborted = tx.isAny(ModelBranch.State.ABORTED);
        assertThat(isCommitted && isAborted).as("AC1: %s", tx).isFalse();
        if (decision.isPresent()) {
            for (ModelBranch branch : tx.branches) {
                boolean isIn = decision.get().branches().contains(branch.id);
                boolean isReadOnly =
                        branch.vote.filter(v -> v == Vote.READ_ONLY).isPresent();
                assertThat(isIn || isReadOnly || !branch.isAcknowledged)
                        .as("AC3: %s is acknowledged and not in the decision of %s", branch, tx)
                        .isTrue();
                assertThat(!isIn || branch.vote.filter(v -> v == Vote.YES).isPresent())
                        .as("AC3: %s is in the decision and has not voted YES", branch)
                        .isTrue();
            }
            assertThat(isAborted)
                    .as("AC2: decided, and a branch aborted: %s", tx)
                    .isFalse();
        }
        assertThat(isCommitted && decision.isEmpty())
                .as("committed without a decision: %s", tx)
                .isFalse();
        judgeAnswers(tx, decision.isPresent());
    }

    private void judgeAnswers(ModelTransaction tx, boolean isDecided) {
        if (tx.hasEffect()) {
            assertThat(tx.told().size()).as("AC4: told two things: %s", tx).isLessThanOrEqualTo(1);
            assertThat(tx.wasTold(Answer.Committed.class) && !isDecided)
                    .as("AC4: told COMMITTED and not decided: %s", tx)
                    .isFalse();
            assertThat(tx.wasTold(Answer.Aborted.class) && isDecided)
                    .as("AC4: told ABORTED and decided: %s", tx)
                    .isFalse();
        }
    }

    private void markLeaders() {
        if (nodes.stream().anyMatch(n -> n.core().isReady() && isListedOfEarlierTerm(n))) {
            marks.add("leader changed between decision and end");
        }
        long ready = nodes.stream().filter(n -> n.core().isReady()).count();
        if (ready > 1) {
            marks.add("two ready leaders");
        }
        if (nodes.stream().anyMatch(n -> n.core().isReady() && n.core().term() < log.term())) {
            marks.add("deposed and does not know it");
        }
    }

    /** What a hand did against the decision is found, recorded, and no branch is accused that did as decided. */
    private void judgeHands(ModelTransaction tx) {
        boolean isDecided = decided.containsKey(tx.xid);
        List<BranchId> against = tx.branches.stream()
                .filter(b -> b.state == (isDecided ? ModelBranch.State.ABORTED : ModelBranch.State.COMMITTED))
                .map(b -> b.id)
                .sorted()
                .toList();
        assertThat(reference.heuristics(tx.xid).stream()
                        .map(LogRecord.HeuristicFound::branch)
                        .toList())
                .as("heuristics of %s", tx)
                .isEqualTo(against);
    }

    private static boolean isListedOfEarlierTerm(ModelNode node) {
        return node.state().decisions().stream()
                .anyMatch(listed -> listed.xid().term() < node.core().term());
    }

    /** AC6, AC7 and L3: everything has ended, nothing is left anywhere, and all replicas are equal. */
    void afterHealing() {
        for (ModelTransaction tx : transactions) {
            for (ModelBranch branch : tx.branches) {
                assertThat(branch.state).as("AC6: still prepared: %s", tx).isNotEqualTo(ModelBranch.State.PREPARED);
                assertThat(branch.hasRow && !tx.wasTouched())
                        .as("AC7: evidence row left: %s", tx)
                        .isFalse();
            }
            assertThat(tx.isClosed() && tx.told().isEmpty())
                    .as("never answered: %s", tx)
                    .isFalse();
        }
        readLog();
        assertThat(nodes.stream().filter(n -> n.core().isReady()))
                .as("ready leaders")
                .hasSize(1);
        for (ModelNode node : nodes) {
            assertThat(node.core().transactionCount())
                    .as("AC7: n%s remembers", node.number())
                    .isZero();
            assertThat(node.state().decisions()).as("AC7: still listed").isEmpty();
            assertThat(node.state().image()).as("L1: n%s", node.number()).isEqualTo(reference.image());
        }
    }
}
