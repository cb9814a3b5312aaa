package dev.assent.protocol.branch;

import dev.assent.protocol.Vote;
import dev.assent.protocol.branch.BranchState.Attempt;
import dev.assent.protocol.branch.BranchState.Committing;
import dev.assent.protocol.branch.BranchState.End;
import dev.assent.protocol.branch.BranchState.Ended;
import dev.assent.protocol.branch.BranchState.InDoubt;
import dev.assent.protocol.branch.BranchState.Repeat;
import dev.assent.protocol.branch.BranchState.RollingBack;
import dev.assent.protocol.branch.BranchState.RollingBackPrepared;
import dev.assent.protocol.branch.TwoPhaseBranch.Step;
import dev.assent.protocol.branch.TwoPhaseBranch.Surroundings;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import java.util.Optional;

/** The steps of a branch that has voted, was found prepared, or is ending: only the coordinator's word counts. */
final class AfterVote {
    static final String TOO_LATE = "the branch has been asked to commit or has ended; no call can use it any more";

    private AfterVote() {}

    static Step on(TwoPhaseBranch branch, BranchInput input, Surroundings world) {
        if (input instanceof BranchInput.CallEntered) {
            return branch.does(branch.closes(TOO_LATE));
        } else if (input instanceof BranchInput.CallLeft) {
            return branch.with(branch.facts().left()).does();
        } else if (input instanceof BranchInput.Told told && told.command() instanceof Command.Prepare) {
            return votesAgain(branch, world);
        } else if (branch.state() instanceof InDoubt inDoubt) {
            return whileInDoubt(branch, inDoubt, input, world);
        } else if (branch.state() instanceof Committing committing) {
            return whileCommitting(branch, committing.attempt(), input, world);
        } else if (branch.state() instanceof RollingBackPrepared rolling) {
            return whileRollingBackPrepared(branch, rolling.attempt(), input, world);
        } else if (branch.state() instanceof RollingBack rolling) {
            return whileRollingBack(branch, rolling, input);
        }
        return afterTheEnd(branch, (Ended) branch.state(), input, world);
    }

    /** The first vote stands. A branch of this process that ended without one, or that nobody remembers, refuses. */
    private static Step votesAgain(TwoPhaseBranch branch, Surroundings world) {
        if (!branch.ref().branch().instance().equals(world.self())) {
            return branch.does(branch.reports(BranchReport.NOT_MINE));
        }
        if (branch.state() instanceof RollingBack rolling
                && rolling.voteWhenDone().isPresent()) {
            return branch.does();
        }
        TwoPhaseBranch voted =
                branch.with(branch.facts().voted(Vote.no("the branch is gone: it has been rolled back")));
        return voted.does(voted.says(voted.facts().vote().orElseThrow()));
    }

    private static Step whileInDoubt(TwoPhaseBranch branch, InDoubt state, BranchInput input, Surroundings world) {
        long now = world.nowNanos();
        if (input instanceof BranchInput.LeaderReady) {
            return now >= state.askFromNanos() ? ask(branch, state, 0, world) : branch.does();
        } else if (input instanceof BranchInput.Tick) {
            return now >= state.asking().nextNanos()
                    ? ask(branch, state, state.asking().attempts(), world)
                    : branch.does();
        } else if (!(input instanceof BranchInput.Told)) {
            return branch.does();
        }
        Command command = ((BranchInput.Told) input).command();
        if (command instanceof Command.CommitBranch) {
            return commitPrepared(branch, world);
        } else if (command instanceof Command.AbortBranch) {
            return rollBackPrepared(branch, world);
        } else if (command instanceof Command.BranchAnswer answer) {
            return answered(branch, state, answer.verdict(), world);
        } else if (command instanceof Command.EnlistRefused refused
                && refused.refusal() == Command.Refusal.ABORTED
                && now >= state.askFromNanos()) {
            // News, but not an answer to a question about a prepared branch: ask that question.
            return ask(branch, state, 0, world);
        }
        return branch.does();
    }

    private static Step ask(TwoPhaseBranch branch, InDoubt state, int attempts, Surroundings world) {
        long next = state.stuck().isPresent()
                ? world.nowNanos() + world.settings().stuckAskNanos()
                : branch.waits(world.settings().ask(), attempts, world.nowNanos());
        return branch.to(asking(state, new Repeat(attempts + 1, next), state.stuck()))
                .does(branch.asks());
    }

    private static Step answered(TwoPhaseBranch branch, InDoubt state, Command.Verdict verdict, Surroundings world) {
        switch (verdict) {
            case COMMIT -> {
                return commitPrepared(branch, world);
            }
            case ABORT -> {
                return rollBackPrepared(branch, world);
            }
            case PENDING -> {
                // Somebody is driving the transaction and will tell; asking on is for the case that it is lost.
                long next = Math.max(
                        state.askFromNanos(), branch.waits(world.settings().ask(), 0, world.nowNanos()));
                return branch.to(asking(state, new Repeat(1, next), Optional.empty()))
                        .does();
            }
            case EXPIRED, FOREIGN, INVALID, WRONG_SHARD -> {
                // Nobody knows the decision, and a branch never guesses. It says so each time, since saying may fail.
                long next = world.nowNanos() + world.settings().stuckAskNanos();
                return branch.to(asking(state, new Repeat(0, next), Optional.of(verdict)))
                        .does(new BranchEffect.StuckInDoubt(branch.ref(), verdict));
            }
            case NOT_LEADER, ABANDON -> {
                // The next question goes by the clock or to the next leader. Abandoning concerns TCC branches only.
                return branch.does();
            }
        }
        throw new AssertionError("unknown verdict " + verdict);
    }

    private static InDoubt asking(InDoubt state, Repeat asking, Optional<Command.Verdict> stuck) {
        return new InDoubt(state.sinceNanos(), state.isFound(), state.askFromNanos(), asking, stuck);
    }

    static Step commitPrepared(TwoPhaseBranch branch, Surroundings world) {
        return branch.to(new Committing(Attempt.first(world.nowNanos())))
                .does(new BranchEffect.CommitPrepared(branch.ref()));
    }

    static Step rollBackPrepared(TwoPhaseBranch branch, Surroundings world) {
        return branch.to(new RollingBackPrepared(Attempt.first(world.nowNanos())))
                .does(new BranchEffect.RollBackPrepared(branch.ref()));
    }

    private static Step whileCommitting(TwoPhaseBranch branch, Attempt attempt, BranchInput input, Surroundings world) {
        if (input instanceof BranchInput.Committed) {
            return end(branch, End.COMMITTED, BranchReport.DONE);
        } else if (input instanceof BranchInput.NothingFound) {
            return end(branch, End.NOTHING_FOUND, BranchReport.NOTHING_FOUND);
        } else if (input instanceof BranchInput.Busy busy) {
            return branch.to(new Committing(failed(branch, attempt, busy, world)))
                    .does();
        } else if (input instanceof BranchInput.Tick && world.nowNanos() >= attempt.retryNanos()) {
            return branch.to(new Committing(attempt.inFlight())).does(new BranchEffect.CommitPrepared(branch.ref()));
        }
        return branch.does();
    }

    private static Step whileRollingBackPrepared(
            TwoPhaseBranch branch, Attempt attempt, BranchInput input, Surroundings world) {
        if (input instanceof BranchInput.RolledBack) {
            return end(branch, End.ROLLED_BACK, BranchReport.DONE);
        } else if (input instanceof BranchInput.FoundCommitted) {
            return end(branch, End.FOUND_COMMITTED, BranchReport.FOUND_COMMITTED);
        } else if (input instanceof BranchInput.Busy busy) {
            return branch.to(new RollingBackPrepared(failed(branch, attempt, busy, world)))
                    .does();
        } else if (input instanceof BranchInput.Tick && world.nowNanos() >= attempt.retryNanos()) {
            return branch.to(new RollingBackPrepared(attempt.inFlight()))
                    .does(new BranchEffect.RollBackPrepared(branch.ref()));
        }
        return branch.does();
    }

    private static Attempt failed(TwoPhaseBranch branch, Attempt attempt, BranchInput.Busy busy, Surroundings world) {
        return attempt.failed(
                busy.error(), branch.waits(world.settings().retry(), attempt.failures(), world.nowNanos()));
    }

    private static Step whileRollingBack(TwoPhaseBranch branch, RollingBack state, BranchInput input) {
        if (input instanceof BranchInput.RolledBack) {
            return rolledBack(branch, state);
        }
        boolean isTold = input instanceof BranchInput.Told told && told.command() instanceof Command.AbortBranch;
        return isTold ? branch.to(new RollingBack(state.voteWhenDone(), true)).does() : branch.does();
    }

    private static Step rolledBack(TwoPhaseBranch branch, RollingBack state) {
        TwoPhaseBranch ended = branch.to(new Ended(End.ROLLED_BACK));
        if (state.isReported()) {
            return ended.does(ended.reports(BranchReport.DONE));
        }
        if (state.voteWhenDone().isEmpty()) {
            return ended.does();
        }
        Vote vote = state.voteWhenDone().get();
        ended = ended.with(ended.facts().voted(vote));
        return ended.does(ended.says(vote));
    }

    private static Step afterTheEnd(TwoPhaseBranch branch, Ended state, BranchInput input, Surroundings world) {
        if (!(input instanceof BranchInput.Told told)) {
            return branch.does();
        }
        boolean isOwn = branch.ref().branch().instance().equals(world.self());
        if (told.command() instanceof Command.CommitBranch) {
            // Only the database knows: prepared by a life of this participant that is gone, or committed by it.
            return state.end() == End.COMMITTED
                    ? branch.does(branch.reports(BranchReport.DONE))
                    : commitPrepared(branch, world);
        } else if (told.command() instanceof Command.AbortBranch) {
            return isOwn && state.end() == End.ROLLED_BACK
                    ? branch.does(branch.reports(BranchReport.DONE))
                    : rollBackPrepared(branch, world);
        }
        return branch.does();
    }

    private static Step end(TwoPhaseBranch branch, End end, BranchReport report) {
        return branch.to(new Ended(end)).does(branch.reports(report));
    }
}
