package dev.assent.protocol.branch;

import dev.assent.protocol.Vote;
import dev.assent.protocol.branch.BranchState.Active;
import dev.assent.protocol.branch.BranchState.AwaitingCalls;
import dev.assent.protocol.branch.BranchState.InDoubt;
import dev.assent.protocol.branch.BranchState.Preparing;
import dev.assent.protocol.branch.BranchState.Repeat;
import dev.assent.protocol.branch.BranchState.RollingBack;
import dev.assent.protocol.branch.BranchState.WritingEvidence;
import dev.assent.protocol.branch.TwoPhaseBranch.Early;
import dev.assent.protocol.branch.TwoPhaseBranch.Facts;
import dev.assent.protocol.branch.TwoPhaseBranch.Step;
import dev.assent.protocol.branch.TwoPhaseBranch.Surroundings;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of a branch that has not voted: it may abort by itself, and never obeys a commit. */
final class BeforeVote {
    private static final String PROMISE_BROKEN =
            "a call has promised to be the last one that uses the branch; no other can use it any more";

    private BeforeVote() {}

    static Step on(TwoPhaseBranch branch, BranchInput input, Surroundings world) {
        if (input instanceof BranchInput.CallEntered) {
            return callEntered(branch);
        } else if (input instanceof BranchInput.CallLeft) {
            return callLeft(branch.with(branch.facts().left()), world);
        } else if (input instanceof BranchInput.LastCall) {
            return branch.with(branch.facts().promised()).does();
        } else if (input instanceof BranchInput.Doomed doomed) {
            return doomed(branch, doomed.reason());
        } else if (input instanceof BranchInput.Told told) {
            return told(branch, told.command(), world);
        } else if (input instanceof BranchInput.LeaderReady) {
            return leaderReady(branch, world);
        } else if (input instanceof BranchInput.Tick) {
            return tick(branch, world);
        }
        return stepDone(branch, input, world);
    }

    /** Says that the branch exists, and when to say it again. */
    static Step enlist(TwoPhaseBranch branch, int attempts, Surroundings world) {
        long next = branch.waits(world.settings().enlist(), attempts, world.nowNanos());
        long left = branch.facts().expiresNanos() - world.settings().expiryGraceNanos() - world.nowNanos();
        // Zero would be taken for "no timeout given", and a transaction that is late already would get a full one.
        Notice enlist = new Notice.Enlist(branch.ref().xid(), branch.ref().branch(), Math.max(1, left));
        return branch.to(new Active(new Repeat(attempts + 1, next))).does(branch.tells(enlist));
    }

    private static Step callLeft(TwoPhaseBranch left, Surroundings world) {
        Facts facts = left.facts();
        if (facts.openCalls() > 0) {
            return left.does();
        }
        boolean isAwaited = left.state() instanceof AwaitingCalls;
        // Not before the acknowledgement: a branch that nobody knows may be in no decision. One that is doomed waits to
        // be asked, like any other; whoever doomed it has told its caller.
        boolean isEarly = left.state() instanceof Active
                && facts.early() != Early.NO
                && facts.isAcknowledged()
                && facts.doom().isEmpty();
        return isAwaited || isEarly ? prepare(left, world) : left.does();
    }

    private static Step callEntered(TwoPhaseBranch branch) {
        if (branch.facts().early() != Early.NO) {
            // Against the promise: it is not counted, so that an account that holds it cannot commit.
            return branch.does(branch.closes(PROMISE_BROKEN));
        }
        // While calls are awaited a further one is let in and counted: closing the branch would break the call that is
        // awaited, and the coordinator sees from the count that somebody called after the commit was asked for.
        if (branch.state() instanceof Active || branch.state() instanceof AwaitingCalls) {
            return branch.with(branch.facts().entered()).does();
        }
        return branch.does(branch.closes(AfterVote.TOO_LATE));
    }

    private static Step doomed(TwoPhaseBranch branch, String reason) {
        TwoPhaseBranch doomed = branch.with(branch.facts().doomed(reason));
        // Preparing: the step may have succeeded already, and a vote is given by being durably prepared, not by being
        // sent. Nobody has used the branch since it was closed.
        return doomed.state() instanceof AwaitingCalls ? refuse(doomed, reason) : doomed.does();
    }

    private static Step told(TwoPhaseBranch branch, Command command, Surroundings world) {
        if (command instanceof Command.EnlistAcknowledged) {
            return acknowledged(branch, List.of());
        } else if (command instanceof Command.EnlistRefused refused) {
            return refused(branch, refused.refusal(), world);
        } else if (command instanceof Command.Prepare && branch.state() instanceof Active) {
            return firstPrepare(branch.with(branch.facts().asked()), world);
        } else if (command instanceof Command.Prepare && branch.state() instanceof WritingEvidence) {
            return branch.with(branch.facts().asked()).does();
        } else if (command instanceof Command.AbortBranch) {
            return abort(branch, "the transaction was aborted", Refusal.ABORTED, true);
        } else if (command instanceof Command.BranchAnswer answer && answer.verdict() == Command.Verdict.ABORT) {
            return abort(branch, "the transaction was aborted", Refusal.ABORTED, false);
        }
        // A repeated Prepare while a step is in flight starts no second one; a commit is not obeyed by a branch that
        // has
        // not voted, whoever sends it.
        return branch.does();
    }

    private static Step acknowledged(TwoPhaseBranch branch, List<BranchEffect> then) {
        boolean isNews = !branch.facts().isAcknowledged();
        TwoPhaseBranch known = branch.with(branch.facts().acknowledged());
        if (known.state() instanceof Active) {
            known = known.to(new Active(Repeat.OVER));
        }
        List<BranchEffect> effects = new ArrayList<>();
        if (isNews) {
            effects.add(new BranchEffect.EnlistmentSettled(branch.ref().branch(), Optional.empty()));
        }
        effects.addAll(then);
        return new Step(known, effects);
    }

    private static Step refused(TwoPhaseBranch branch, Refusal refusal, Surroundings world) {
        if (refusal == Refusal.ABORTED) {
            return abort(branch, "the transaction was aborted", refusal, false);
        }
        // A repeated enlistment can be answered by a leader that never heard of the branch, or after the end of the
        // transaction; a branch that is known to the leader of its own term waits for that one's word.
        boolean isKnown = branch.facts().isAcknowledged();
        // The leader of the xid's term may not be ready yet, or be another node.
        boolean isEarly = refusal == Refusal.NOT_LEADER
                && world.leaderTerm() <= branch.ref().xid().term();
        return isKnown || isEarly
                ? branch.does()
                : abort(branch, "its enlistment was refused: " + refusal, refusal, false);
    }

    private static Step firstPrepare(TwoPhaseBranch branch, Surroundings world) {
        Step known = acknowledged(branch, List.of());
        Step next;
        Optional<String> doom = known.next().facts().doom();
        if (doom.isPresent()) {
            next = refuse(known.next(), doom.get());
        } else if (known.next().facts().openCalls() > 0) {
            long deadline = Math.min(
                    world.nowNanos() + world.settings().prepareTimeoutNanos(),
                    known.next().facts().expiresNanos());
            next = known.next().to(new AwaitingCalls(deadline)).does();
        } else {
            next = prepare(known.next(), world);
        }
        List<BranchEffect> effects = new ArrayList<>(known.effects());
        effects.addAll(next.effects());
        return new Step(next.next(), effects);
    }

    private static Step prepare(TwoPhaseBranch branch, Surroundings world) {
        if (world.nowNanos() >= branch.facts().expiresNanos()) {
            return refuse(branch, "the transaction's timeout has passed");
        }
        // Closed first: a statement of the application between evidence and prepare would write after the row that
        // says what was written, or into a transaction that is no longer its own.
        return branch.to(new WritingEvidence(false))
                .does(
                        branch.closes("the transaction is being committed"),
                        new BranchEffect.WriteEvidence(
                                branch.ref().xid(), branch.ref().branch()));
    }

    private static Step leaderReady(TwoPhaseBranch branch, Surroundings world) {
        long ownTerm = branch.ref().xid().term();
        if (world.leaderTerm() > ownTerm) {
            // Undecided transactions live in the memory of one leader, and one log entry of a later term is enough to
            // close the set of those that committed. What is being prepared stays: it may have voted by now.
            return branch.state() instanceof Preparing
                    ? branch.does()
                    : abort(branch, "the coordinator's leader changed", Refusal.NOT_LEADER, false);
        }
        boolean isUnheard = branch.state() instanceof Active && !branch.facts().isAcknowledged();
        return isUnheard ? enlist(branch, 0, world) : branch.does();
    }

    private static Step tick(TwoPhaseBranch branch, Surroundings world) {
        if (branch.state() instanceof Active active) {
            if (world.nowNanos() >= branch.facts().expiresNanos()) {
                return expired(branch);
            }
            boolean isDue = world.nowNanos() >= active.enlisting().nextNanos();
            return isDue ? enlist(branch, active.enlisting().attempts(), world) : branch.does();
        }
        boolean isOver =
                branch.state() instanceof AwaitingCalls awaiting && world.nowNanos() >= awaiting.deadlineNanos();
        return isOver ? refuse(branch, "a call was still open in the branch when it had to vote") : branch.does();
    }

    private static Step expired(TwoPhaseBranch branch) {
        String reason = "the transaction's timeout has passed";
        // A vote would open and close an xid that nobody enlisted in; a branch that the leader knows may say it early.
        return branch.facts().isAcknowledged() ? refuse(branch, reason) : abort(branch, reason, Refusal.ABORTED, false);
    }

    private static Step stepDone(TwoPhaseBranch branch, BranchInput input, Surroundings world) {
        if (branch.state() instanceof WritingEvidence writing) {
            return evidenceDone(branch, input, writing.isAbortWanted(), world);
        } else if (branch.state() instanceof Preparing preparing) {
            return prepareDone(branch, input, preparing.isAbortWanted(), world);
        }
        // Nothing was asked of the database yet.
        return branch.does();
    }

    private static Step evidenceDone(
            TwoPhaseBranch branch, BranchInput input, boolean isAbortWanted, Surroundings world) {
        boolean isDone = input instanceof BranchInput.EvidenceWritten
                || input instanceof BranchInput.NothingWritten
                || input instanceof BranchInput.PrepareFailed;
        if (!isDone) {
            return branch.does();
        }
        if (isAbortWanted) {
            return branch.to(new RollingBack(Optional.empty(), true)).does(branch.rollsBack());
        }
        Facts facts = branch.facts();
        if (facts.doom().isPresent()) {
            return refuse(branch, facts.doom().get());
        }
        if (input instanceof BranchInput.PrepareFailed failed) {
            return refuse(branch, failed.reason());
        }
        if (input instanceof BranchInput.NothingWritten && facts.early() == Early.PROMISED) {
            return branch.to(new Active(Repeat.OVER)).does();
        }
        if (input instanceof BranchInput.NothingWritten) {
            return branch.to(new RollingBack(Optional.of(Vote.READ_ONLY), false))
                    .does(branch.rollsBack());
        }
        return world.nowNanos() >= facts.expiresNanos()
                ? refuse(branch, "the transaction's timeout has passed")
                : branch.to(new Preparing(false))
                        .does(new BranchEffect.Prepare(
                                branch.ref().xid(), branch.ref().branch()));
    }

    private static Step prepareDone(
            TwoPhaseBranch branch, BranchInput input, boolean isAbortWanted, Surroundings world) {
        if (input instanceof BranchInput.PrepareFailed failed) {
            // What the database may have prepared all the same is found by recovery, and asked about.
            return isAbortWanted
                    ? branch.to(new RollingBack(Optional.empty(), true)).does(branch.rollsBack())
                    : refuse(branch, failed.reason());
        }
        if (!(input instanceof BranchInput.Prepared)) {
            return branch.does();
        }
        if (isAbortWanted) {
            return AfterVote.rollBackPrepared(branch, world);
        }
        boolean isLate = world.leaderTerm() > branch.ref().xid().term();
        long next = isLate ? world.nowNanos() : branch.waits(world.settings().ask(), 0, world.nowNanos());
        TwoPhaseBranch voted = branch.with(branch.facts().voted(Vote.YES))
                .to(new InDoubt(world.nowNanos(), false, world.nowNanos(), new Repeat(0, next), Optional.empty()));
        return voted.does(voted.says(Vote.YES));
    }

    /** Votes NO, at once: nothing of the branch can commit any more, whatever the rollback meets. */
    private static Step refuse(TwoPhaseBranch branch, String reason) {
        Vote vote = Vote.no(reason);
        TwoPhaseBranch refused = branch.with(branch.facts().voted(vote)).to(new RollingBack(Optional.empty(), false));
        return refused.does(refused.closes(reason), refused.rollsBack(), refused.says(vote));
    }

    /** Ends the branch without a vote, or as soon as the step in flight has been answered. */
    private static Step abort(TwoPhaseBranch branch, String why, Refusal refusal, boolean isReported) {
        if (branch.state() instanceof WritingEvidence) {
            return branch.to(new WritingEvidence(true)).does();
        } else if (branch.state() instanceof Preparing) {
            return branch.to(new Preparing(true)).does();
        }
        List<BranchEffect> effects = new ArrayList<>();
        effects.add(branch.closes(why));
        if (!branch.facts().isAcknowledged()) {
            effects.add(new BranchEffect.EnlistmentSettled(branch.ref().branch(), Optional.of(refusal)));
        }
        effects.add(branch.rollsBack());
        return new Step(branch.to(new RollingBack(Optional.empty(), isReported)), effects);
    }
}
