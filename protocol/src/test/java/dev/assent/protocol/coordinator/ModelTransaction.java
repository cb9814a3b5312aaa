package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A global transaction as its initiator and its participants know it, and what anybody was ever told about it. */
final class ModelTransaction {
    final Xid xid;
    final List<ModelBranch> branches = new ArrayList<>();
    private final Set<String> told = new LinkedHashSet<>();
    private boolean hasAskedCommit;
    private boolean hasCalledOff;

    ModelTransaction(Xid xid) {
        this.xid = xid;
    }

    /** Asks for what the initiator may ask now: it commits only what was answered OK, and calls off for ever. */
    Request ask(Draw draw) {
        boolean isOpen = !hasAskedCommit && !hasCalledOff;
        if (isOpen && draw.percent(10)) {
            return new Request.OutcomeQuestion(xid);
        }
        if (hasCalledOff || (isOpen && !mayCommit()) || draw.percent(4)) {
            hasCalledOff = true;
            return new Request.Rollback(xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK));
        }
        hasAskedCommit = true;
        AnswerMode mode = draw.percent(50) ? AnswerMode.AFTER_APPLY : AnswerMode.AFTER_DECISION;
        return new Request.Commit(
                xid, mode, Names.sums(branches.stream().map(b -> b.id).toArray(BranchId[]::new)));
    }

    boolean mayCommit() {
        return branches.stream().allMatch(b -> b.isAcknowledged);
    }

    boolean isClosed() {
        return hasAskedCommit || hasCalledOff;
    }

    void told(Answer answer) {
        if (answer instanceof Answer.Committed
                || answer instanceof Answer.Aborted
                || answer instanceof Answer.Mixed
                || answer instanceof Answer.Hazard
                || answer instanceof Answer.OutcomeExpired) {
            told.add(answer.getClass().getSimpleName());
        }
    }

    boolean wasTold(Class<? extends Answer> answer) {
        return told.contains(answer.getSimpleName());
    }

    Set<String> told() {
        return told;
    }

    boolean isAny(ModelBranch.State state) {
        return branches.stream().anyMatch(b -> b.state == state);
    }

    /** Without a YES there was nothing to commit, and its outcome may be forgotten with its leader. */
    boolean hasEffect() {
        return branches.stream().anyMatch(b -> b.vote.filter(v -> v == Vote.YES).isPresent());
    }

    boolean wasTouched() {
        return branches.stream().anyMatch(b -> b.wasTouched);
    }

    @Override
    public String toString() {
        return Names.show(xid) + branches + " told " + told;
    }
}
