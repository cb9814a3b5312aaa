package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchState.Committing;
import dev.assent.protocol.branch.BranchState.End;
import dev.assent.protocol.branch.BranchState.Ended;
import dev.assent.protocol.branch.BranchState.InDoubt;
import dev.assent.protocol.branch.BranchState.RollingBackPrepared;
import dev.assent.protocol.branch.TwoPhaseBranch.Facts;
import dev.assent.protocol.branch.TwoPhaseBranch.Step;
import dev.assent.protocol.branch.TwoPhaseBranch.Surroundings;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.time.Backoff;
import dev.assent.protocol.time.Timetable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All branches of one process: those that its application opened, and those that recovery found prepared in the databases
 * of its resources, whoever left them there. What one branch does is {@link TwoPhaseBranch}'s; this class finds the branch
 * that an input is about, remembers how branches ended, and lists the databases at the start and from time to time.
 *
 * <p>Duties of the driver, beside those of {@code dev.assent.protocol}: every step in the database is answered once; a
 * step that cannot be answered (its process stops) is not followed by anything. {@code Opened} of a branch is followed by
 * {@code CallEntered} of the call that opened it. A listing of what is prepared is complete.
 *
 * <p>Not thread-safe.
 */
public final class BranchCore {
    private final InstanceId self;
    private final TreeSet<ResourceName> resources;
    private final BranchSettings settings;
    private final TreeMap<Integer, Long> leaderTerms = new TreeMap<>();
    private final Branches branches;
    private final Rows rows;
    private int rounds;
    private long nextRoundNanos;

    /**
     * @param self this life of the process
     * @param resources what it serves; commands about others are answered {@code NOT_MINE}
     * @param settings its times
     * @param nowNanos the present: the first listing is due at once
     */
    public BranchCore(InstanceId self, Collection<ResourceName> resources, BranchSettings settings, long nowNanos) {
        this.self = self;
        this.resources = new TreeSet<>(resources);
        this.settings = settings;
        this.branches = new Branches(self, settings.rememberedCount());
        this.rows = new Rows(settings.removeAfterNanos());
        this.nextRoundNanos = this.resources.isEmpty() ? Timetable.NEVER : nowNanos;
    }

    private BranchCore(BranchCore other) {
        this.self = other.self;
        this.resources = new TreeSet<>(other.resources);
        this.settings = other.settings;
        this.leaderTerms.putAll(other.leaderTerms);
        this.branches = other.branches.copy();
        this.rows = other.rows.copy();
        this.rounds = other.rounds;
        this.nextRoundNanos = other.nextRoundNanos;
    }

    /**
     * Takes one input.
     *
     * @return what must be done, in this order
     */
    public List<BranchEffect> on(BranchInput input, long nowNanos) {
        if (input instanceof BranchInput.Opened opened) {
            return opened(opened, nowNanos);
        } else if (input instanceof BranchInput.Told told) {
            return told(told, nowNanos);
        } else if (input instanceof BranchInput.LeaderReady ready) {
            return leaderReady(ready, nowNanos);
        } else if (input instanceof BranchInput.PreparedListed listed) {
            return preparedListed(listed, nowNanos);
        } else if (input instanceof BranchInput.RowsListed listed) {
            return rowsListed(listed);
        } else if (input instanceof BranchInput.Tick) {
            return tick(nowNanos);
        }
        return inBranch(input, nowNanos);
    }

    /** When a tick is due, or {@link Long#MAX_VALUE}. */
    public long nextDeadlineNanos() {
        return Math.min(nextRoundNanos, Math.min(branches.nextDeadlineNanos(), rows.nextDeadlineNanos()));
    }

    /** The prepared branches that wait for a decision or for their database, oldest entry first. */
    public List<Unresolved> unresolved() {
        List<Unresolved> unresolved = new ArrayList<>();
        for (TwoPhaseBranch branch : branches.live()) {
            BranchRef ref = branch.ref();
            if (branch.state() instanceof InDoubt state) {
                unresolved.add(new Unresolved(ref, "the decision", state.sinceNanos(), state.stuck(), ""));
            } else if (branch.state() instanceof Committing state) {
                unresolved.add(waiting(ref, "its commit", state.attempt()));
            } else if (branch.state() instanceof RollingBackPrepared state) {
                unresolved.add(waiting(ref, "its rollback", state.attempt()));
            }
        }
        return unresolved;
    }

    private static Unresolved waiting(BranchRef ref, String waitingFor, BranchState.Attempt attempt) {
        return new Unresolved(ref, waitingFor, attempt.sinceNanos(), Optional.empty(), attempt.lastError());
    }

    /** A core with the same state, which goes its own way from here. */
    public BranchCore copy() {
        return new BranchCore(this);
    }

    /** The state, field by field in a fixed order: equal states give equal text, in every process. */
    public String canonical() {
        StringBuilder text = new StringBuilder();
        text.append("self=").append(self).append(" resources=").append(resources);
        text.append("\nleaderTerms=").append(leaderTerms);
        text.append('\n').append(branches).append('\n').append(rows);
        text.append("\nrounds=").append(rounds).append(" nextRoundNanos=").append(nextRoundNanos);
        return text.toString();
    }

    // ---- the application ----

    private List<BranchEffect> opened(BranchInput.Opened input, long nowNanos) {
        BranchId id = input.branch();
        if (!id.instance().equals(self) || !resources.contains(id.resource())) {
            throw new AssertionError("a process opens branches of its own, on resources that it serves: " + id);
        }
        if (branches.find(id) != null) {
            // Somebody used the id in a command before it was made: only a forged message does.
            return List.of(
                    new BranchEffect.Closed(id, "its id was used before"),
                    new BranchEffect.EnlistmentSettled(id, Optional.of(Refusal.NOT_YOURS)),
                    new BranchEffect.RollBack(input.xid(), id));
        }
        Step step = TwoPhaseBranch.opened(input, around(input.xid(), nowNanos));
        if (leaderTerm(input.xid()) > input.xid().term()) {
            // The news came before the branch: nothing of an earlier term's transaction can commit that is not decided.
            step = step.next()
                    .on(
                            new BranchInput.LeaderReady(input.xid().shard(), leaderTerm(input.xid())),
                            around(input.xid(), nowNanos));
        }
        return branches.keep(step);
    }

    private List<BranchEffect> inBranch(BranchInput input, long nowNanos) {
        BranchId held = Inputs.heldBranchOf(input);
        BranchRef resolved = Inputs.resolvedBranchOf(input);
        TwoPhaseBranch branch = held != null ? branches.find(held) : resolved != null ? branches.find(resolved) : null;
        if (branch == null) {
            return input instanceof BranchInput.CallEntered entered
                    ? List.of(new BranchEffect.Closed(entered.branch(), AfterVote.TOO_LATE))
                    : List.of();
        }
        return branches.keep(branch.on(input, around(branch.ref().xid(), nowNanos)));
    }

    // ---- the coordinator ----

    private List<BranchEffect> told(BranchInput.Told input, long nowNanos) {
        Command command = input.command();
        BranchRef ref = Inputs.branchOf(command);
        if (ref == null) {
            return List.of();
        }
        boolean isOrder = Inputs.isOrder(command);
        if (!resources.contains(ref.branch().resource())) {
            return isOrder ? List.of(notMine(ref)) : List.of();
        }
        if (command instanceof Command.RowAnswer answer) {
            return branches.isLive(ref.branch()) ? List.of() : rows.answered(ref, answer.verdict(), nowNanos);
        } else if (command instanceof Command.Forget) {
            // While a branch is prepared its row cannot be seen, only be locked; it is shown later.
            return branches.isLive(ref.branch()) ? List.of() : rows.mayGo(ref, nowNanos);
        }
        TwoPhaseBranch branch = branches.find(ref);
        if (branch == null && (!isOrder || branches.find(ref.branch()) != null)) {
            return List.of();
        }
        TwoPhaseBranch known = branch == null ? TwoPhaseBranch.unknown(ref) : branch;
        return branches.keep(known.on(input, around(ref.xid(), nowNanos)));
    }

    private static BranchEffect notMine(BranchRef ref) {
        return new BranchEffect.Tell(
                ref.xid().shard(), new Notice.Reported(ref.xid(), ref.branch(), BranchReport.NOT_MINE));
    }

    private List<BranchEffect> leaderReady(BranchInput.LeaderReady ready, long nowNanos) {
        if (ready.term() < leaderTerms.getOrDefault(ready.shard(), 0L)) {
            return List.of();
        }
        leaderTerms.put(ready.shard(), ready.term());
        List<BranchEffect> effects = new ArrayList<>();
        for (TwoPhaseBranch branch : branches.live()) {
            if (branch.ref().xid().shard() == ready.shard()) {
                effects.addAll(
                        branches.keep(branch.on(ready, around(branch.ref().xid(), nowNanos))));
            }
        }
        return effects;
    }

    // ---- recovery and time ----

    private List<BranchEffect> preparedListed(BranchInput.PreparedListed listed, long nowNanos) {
        forgetVanished(listed);
        List<BranchEffect> effects = new ArrayList<>();
        for (BranchRef ref : listed.prepared()) {
            BranchId id = ref.branch();
            if (!id.resource().equals(listed.resource()) || branches.isLive(id)) {
                continue;
            }
            TwoPhaseBranch before = branches.find(ref);
            // Another instance may be alive and about to hear the decision; and a listing may be older than the commit
            // of
            // an own branch. What this process gave up and its database prepared all the same needs no grace.
            boolean isCommitted = before != null && before.state() instanceof Ended end && end.end() == End.COMMITTED;
            boolean isAtOnce = id.instance().equals(self) && !isCommitted;
            long askFrom = isAtOnce ? nowNanos : Timetable.after(nowNanos, settings.recoveryGraceNanos());
            Facts facts = before == null ? Facts.NONE : before.facts();
            TwoPhaseBranch found = TwoPhaseBranch.found(ref, facts, askFrom, nowNanos);
            effects.addAll(branches.keep(found.on(new BranchInput.Tick(), around(ref.xid(), nowNanos))));
        }
        return effects;
    }

    /**
     * Found branches that are not listed any more were resolved by somebody else, and so were those that wait for an
     * operator: nobody else will ever end them here. One that is prepared all the same, the listing being older, is found
     * again.
     */
    private void forgetVanished(BranchInput.PreparedListed listed) {
        TreeSet<BranchRef> present = new TreeSet<>(listed.prepared());
        for (TwoPhaseBranch branch : branches.live()) {
            boolean mayBeGone = branch.state() instanceof InDoubt state
                    && (state.isFound() || state.stuck().isPresent());
            if (mayBeGone
                    && branch.ref().branch().resource().equals(listed.resource())
                    && !present.contains(branch.ref())) {
                branches.keep(branch.to(new Ended(End.NOTHING_FOUND)).does());
            }
        }
    }

    private List<BranchEffect> rowsListed(BranchInput.RowsListed listed) {
        List<BranchEffect> effects = new ArrayList<>();
        for (BranchRef row : listed.committed()) {
            if (row.branch().resource().equals(listed.resource()) && !branches.isLive(row.branch())) {
                effects.addAll(rows.shown(row));
            }
        }
        return effects;
    }

    private List<BranchEffect> tick(long nowNanos) {
        List<BranchEffect> effects = new ArrayList<>();
        for (BranchId id : branches.due(nowNanos)) {
            TwoPhaseBranch branch = branches.find(id);
            if (branch != null) {
                effects.addAll(branches.keep(
                        branch.on(new BranchInput.Tick(), around(branch.ref().xid(), nowNanos))));
            }
        }
        effects.addAll(rows.tick(nowNanos));
        if (nowNanos >= nextRoundNanos) {
            long every = settings.recoveryEveryNanos();
            nextRoundNanos =
                    Timetable.after(nowNanos, new Backoff(every, every).delayNanos(rounds++, Backoff.salt(self)));
            for (ResourceName resource : resources) {
                effects.add(new BranchEffect.ListPrepared(resource));
                effects.add(new BranchEffect.ListRows(resource));
            }
        }
        return effects;
    }

    private Surroundings around(Xid xid, long nowNanos) {
        return new Surroundings(self, settings, leaderTerm(xid), nowNanos);
    }

    private long leaderTerm(Xid xid) {
        return leaderTerms.getOrDefault(xid.shard(), 0L);
    }
}
