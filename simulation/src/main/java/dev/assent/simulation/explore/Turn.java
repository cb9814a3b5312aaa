package dev.assent.simulation.explore;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.message.Command;
import dev.assent.simulation.explore.InstanceState.Call;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Carries out steps of actors on a world, with what follows from them at once. Not thread-safe. */
final class Turn {
    private final Cast cast;
    private final Steps steps;
    /** What a database answered, in order. */
    private final Deque<InstanceStep> answers = new ArrayDeque<>();

    private World world;
    private String alarm = "";
    /** The slots, and after them the nodes, that changed since the last settled world, as bits. */
    private int isTouched;

    Turn(Cast cast, World world) {
        this.cast = cast;
        this.world = world;
        this.steps = new Steps(cast);
    }

    /** Goes on with another world. */
    void on(World other) {
        world = other;
        alarm = "";
        isTouched = 0;
    }

    /** Something about the slot is another than in the last settled world. */
    void touch(int slot) {
        isTouched |= 1 << slot;
    }

    /** What an actor must never do, if one did it in this turn; or empty. */
    String alarm() {
        return alarm;
    }

    // ---- nodes ----

    NodeOutcome node(int node, NodeStep step) {
        return node(node, cast.nodes.numberOf(step));
    }

    NodeOutcome node(int node, int step) {
        NodeOutcome outcome = cast.nodes.step(world.ofNode(node, World.STATE), step);
        raise(outcome.alarm());
        isTouched |= 1 << Names.MAX_SLOTS + node;
        world.setNode(node, World.STATE, outcome.next());
        for (LogRecord record : outcome.appends()) {
            world.appends.add(cast.number(new Cast.Submitted(node, record)));
        }
        sendAll(outcome.sends());
        world.set(World.TOLD, world.get(World.TOLD) | outcome.told());
        if (outcome.readyTerm() > 0) {
            world.set(World.ANNOUNCED, world.get(World.ANNOUNCED) | 1 << outcome.readyTerm());
            isTouched = ~0;
        }
        if (outcome.stepsDown() && world.get(World.LEADER) == node + 1) {
            world.set(World.LEADER, 0);
            world.set(World.IS_WON_PENDING, 0);
        }
        return outcome;
    }

    /** The replica applies its next entry; every replica must say the same about it. */
    void apply(int node) {
        int position = world.ofNode(node, World.APPLIED) + 1;
        int log = cast.log.upTo(world.get(World.LOG), position);
        NodeOutcome outcome = node(node, steps.apply(log));
        world.setNode(node, World.APPLIED, position);
        if (outcome.hasStood() != cast.log.get(log).hasStood()) {
            raise("AC8 replicas differ about " + cast.log.get(log).record());
        }
    }

    /** The core is told of the next applied entry. */
    void tell(int node) {
        int position = world.ofNode(node, World.TOLD_UP_TO) + 1;
        world.setNode(node, World.TOLD_UP_TO, position);
        node(node, steps.tell(cast.log.upTo(world.get(World.LOG), position)));
    }

    /**
     * What changes nothing that anybody could see is done at once. Followers apply what is committed and meet everybody,
     * since neither shows before they lead, and they lead only after that. Where messages stay under way for ever, what
     * will be repeated is sent at once: one more message under way forbids nothing.
     */
    void settle() {
        int length = cast.log.get(world.get(World.LOG)).length();
        for (int node = 0; node < world.nodes(); node++) {
            if (!cast.nodes.isBeliever(world.ofNode(node, World.STATE))) {
                follow(node, length);
            } else if (cast.bounds.hasCompleteNetwork() && (isTouched >> Names.MAX_SLOTS + node & 1) != 0) {
                repeat(node);
            }
        }
        if (cast.bounds.hasCompleteNetwork() && isTouched != 0) {
            for (int slot = 0; slot < world.slots(); slot++) {
                if ((isTouched >> slot & 1) != 0) {
                    repeatOf(slot);
                }
            }
            answerAtOnce();
            forgetDeafMessages();
        }
        if (world.get(World.TERM) == cast.bounds.terms()) {
            forgetHopelessAppends();
        }
    }

    private void follow(int node, int length) {
        while (world.ofNode(node, World.APPLIED) < length) {
            apply(node);
        }
        while (world.ofNode(node, World.TOLD_UP_TO) < length) {
            tell(node);
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            meet(node, slot);
        }
    }

    private void repeat(int node) {
        int before;
        do {
            before = world.ofNode(node, World.STATE);
            node(node, steps.nodeFires(1));
        } while (world.ofNode(node, World.STATE) != before);
    }

    /** A first life knows its branch; looking into its database again only shows rows. A later one has yet to look. */
    private void repeatOf(int slot) {
        int level = world.ofSlot(slot, World.LIFE) == 0 ? 2 : 1;
        int before;
        do {
            before = world.ofSlot(slot, World.STATE);
            instance(slot, steps.instanceFires(level));
        } while (world.ofSlot(slot, World.STATE) != before);
        int latest = 31 - Integer.numberOfLeadingZeros(world.get(World.ANNOUNCED) | 1);
        if (latest > world.ofSlot(slot, World.HEARD_TERM)
                && cast.instances.isPastVote(world.ofSlot(slot, World.STATE))) {
            world.setSlot(slot, World.HEARD_TERM, latest);
            instance(slot, new InstanceStep.Give(new BranchInput.LeaderReady(0, latest)));
        }
    }

    /**
     * Whatever is said in answer to a message without changing who says it is said at once: it can be said as long as
     * that one stays as it is, and one more message under way forbids nothing. A leader that is aborting hears everything
     * at once: all that it can learn is that it may forget the transaction, about which it then says the same.
     */
    private void answerAtOnce() {
        int before;
        boolean wasHeard;
        do {
            wasHeard = false;
            before = world.messages.size();
            for (int i = 0; i < world.messages.size(); i++) {
                int number = world.messages.get(i);
                if (cast.messages.value(number) instanceof Message.Down down) {
                    int state = world.ofSlot(Names.slotOf(down.to()), World.STATE);
                    InstanceOutcome outcome = cast.instances.step(state, steps.told(number));
                    if (outcome.next() == state && outcome.work().isEmpty()) {
                        raise(outcome.alarm());
                        sendAll(outcome.sends());
                    }
                    continue;
                }
                for (int node = 0; node < world.nodes(); node++) {
                    int state = world.ofNode(node, World.STATE);
                    NodeOutcome outcome = cast.nodes.step(state, steps.hear(number));
                    boolean isSaid =
                            outcome.next() == state && outcome.appends().isEmpty();
                    if (isSaid) {
                        raise(outcome.alarm());
                        sendAll(outcome.sends());
                    } else if (cast.nodes.isAborting(state)) {
                        node(node, steps.hear(number));
                        wasHeard = true;
                    }
                }
            }
        } while (wasHeard || world.messages.size() != before);
    }

    private void sendAll(int[] messages) {
        for (int message : messages) {
            send(message);
        }
    }

    /** Takes away what is under way and cannot change anything any more, whenever it arrives. */
    private void forgetDeafMessages() {
        for (int i = world.messages.size() - 1; i >= 0; i--) {
            int number = world.messages.get(i);
            if (cast.messages.value(number) instanceof Message.Down down && isDeafTo(number, down)) {
                world.messages.remove(number);
                i = Math.min(i, world.messages.size());
            }
        }
    }

    /**
     * Words about an enlistment reach a branch that was acknowledged for nothing, and questions and answers one that
     * voted or ended: now and for ever. Whatever an ended branch says to an order without changing is said at once.
     */
    private boolean isDeafTo(int number, Message.Down down) {
        Command command = down.command();
        int slot = Names.slotOf(down.to());
        int state = world.ofSlot(slot, World.STATE);
        boolean isOrder = command instanceof Command.CommitBranch
                || command instanceof Command.AbortBranch
                || command instanceof Command.Forget;
        boolean isOfEnlisting = command instanceof Command.EnlistAcknowledged
                || (command instanceof Command.EnlistRefused refused && refused.refusal() != Command.Refusal.ABORTED);
        boolean isLate = cast.instances.isEnded(state)
                || (cast.instances.isPastVote(state) && !isOrder)
                || (cast.instances.isAcknowledged(state) && isOfEnlisting);
        boolean isOfRow = command instanceof Command.Forget || command instanceof Command.RowAnswer;
        if (isOfRow) {
            int local = world.local(slot);
            return cast.instances.isEnded(state) && local != World.COMMITTED && local != World.PREPARED;
        } else if (!isLate) {
            int order = steps.outdoneBy(number);
            return order >= 0 && world.messages.contains(order);
        }
        InstanceOutcome outcome = cast.instances.step(state, steps.told(number));
        if (!outcome.work().isEmpty() || !outcome.alarm().isEmpty() || outcome.next() != state) {
            return false;
        }
        sendAll(outcome.sends());
        return true;
    }

    /** What tells a branch nothing that it will not hear, or has not heard, in another way. */
    private boolean isEmpty(Command command) {
        if (command instanceof Command.BranchAnswer answer) {
            return answer.verdict() == Command.Verdict.PENDING || answer.verdict() == Command.Verdict.NOT_LEADER;
        } else if (command instanceof Command.RowAnswer answer) {
            return answer.verdict() == Command.RowVerdict.LISTED
                    || answer.verdict() == Command.RowVerdict.PENDING
                    || answer.verdict() == Command.RowVerdict.NOT_LEADER;
        }
        // The branch heeds it once it has heard of a leader of a later term, and then has aborted already.
        return command instanceof Command.EnlistRefused refused && refused.refusal() == Command.Refusal.NOT_LEADER;
    }

    void meet(int node, int slot) {
        while (world.metLife(node, slot) < world.ofSlot(slot, World.LIFE)) {
            int life = world.metLife(node, slot) + 1;
            world.setMetLife(node, slot, life);
            node(node, new NodeStep.Meet(slot, life));
        }
    }

    /** In the last term only the present leader's records can enter. */
    private void forgetHopelessAppends() {
        for (int i = world.appends.size() - 1; i >= 0; i--) {
            if (cast.submitted.value(world.appends.get(i)).node() + 1 != world.get(World.LEADER)) {
                world.appends.removeAt(i);
            }
        }
    }

    /** A message arrives. */
    void deliver(int actor, int message) {
        if (cast.messages.value(message) instanceof Message.Up) {
            node(actor, steps.hear(message));
        } else {
            instance(actor, steps.told(message));
        }
    }

    // ---- participants ----

    void instance(int slot, InstanceStep step) {
        instance(slot, cast.instances.numberOf(step));
    }

    void instance(int slot, int first) {
        answers.clear();
        touch(slot);
        int step = first;
        while (step >= 0) {
            InstanceOutcome outcome = cast.instances.step(world.ofSlot(slot, World.STATE), step);
            raise(outcome.alarm());
            world.setSlot(slot, World.STATE, outcome.next());
            if (cast.instances.state(outcome.next()).call() == Call.ANSWERED) {
                world.mark(slot, World.ANSWERED);
            }
            sendAll(outcome.sends());
            for (BranchEffect work : outcome.work()) {
                begin(slot, work);
            }
            step = answers.isEmpty() ? -1 : cast.instances.numberOf(answers.remove());
        }
    }

    private void send(int message) {
        if (cast.messages.value(message) instanceof Message.Down down) {
            int slot = Names.slotOf(down.to());
            boolean isDead = world.ofSlot(slot, World.LIFE) != Names.lifeOf(down.to());
            if (isDead || (cast.bounds.hasCompleteNetwork() && isEmpty(down.command()))) {
                return;
            }
        }
        world.messages.add(message);
    }

    /**
     * A step in the database. What only this process could see coming is done at once: lists, the removal of rows, and
     * the rollback of an open local transaction, which no other process can reach.
     */
    private void begin(int slot, BranchEffect work) {
        BranchRef ref = new BranchRef(Names.xid(Math.max(1, world.get(World.XID_TERM))), Names.branch(slot));
        if (work instanceof BranchEffect.ListPrepared list) {
            List<BranchRef> prepared = world.local(slot) == World.PREPARED ? List.of(ref) : List.of();
            answers.add(new InstanceStep.Give(new BranchInput.PreparedListed(list.resource(), prepared)));
        } else if (work instanceof BranchEffect.ListRows list) {
            List<BranchRef> rows = world.local(slot) == World.COMMITTED ? List.of(ref) : List.of();
            answers.add(new InstanceStep.Give(new BranchInput.RowsListed(list.resource(), rows)));
        } else if (work instanceof BranchEffect.RemoveRows remove) {
            if (world.local(slot) == World.COMMITTED && remove.rows().contains(ref)) {
                world.setLocal(slot, World.COMMITTED_WITHOUT_ROW);
            }
        } else if (work instanceof BranchEffect.RollBack) {
            if (world.local(slot) == World.ACTIVE || world.local(slot) == World.EVIDENCE) {
                world.setLocal(slot, world.is(slot, World.WROTE_NOTHING) ? World.READ_ONLY : World.UNPREPARED_GONE);
            }
            answers.add(new InstanceStep.Give(new BranchInput.RolledBack(ref)));
        } else if (takesTime(work)) {
            world.work.add(cast.number(work));
        } else {
            answers.add(new InstanceStep.Give(done(work)));
        }
    }

    /** Whether something may come in between; if not, nothing could tell that it takes no time. */
    private boolean takesTime(BranchEffect work) {
        boolean isVoting = work instanceof BranchEffect.WriteEvidence || work instanceof BranchEffect.Prepare;
        boolean mayFail = world.get(World.REFUSALS) > 0
                || (world.get(World.READERS) > 0 && work instanceof BranchEffect.WriteEvidence);
        return cast.bounds.steps() > 0 || (isVoting && mayFail);
    }

    /** The database does what it was asked for, and the process hears of it. */
    void finish(BranchEffect work) {
        answer(Moves.slotOf(work), done(work));
    }

    private BranchInput done(BranchEffect work) {
        int slot = Moves.slotOf(work);
        int local = world.local(slot);
        if (work instanceof BranchEffect.WriteEvidence it) {
            boolean isOpen = local == World.ACTIVE;
            world.setLocal(slot, isOpen ? World.EVIDENCE : local);
            return isOpen ? new BranchInput.EvidenceWritten(it.branch()) : refusal(it.branch());
        } else if (work instanceof BranchEffect.Prepare it) {
            boolean isOpen = local == World.EVIDENCE;
            world.setLocal(slot, isOpen ? World.PREPARED : local);
            return isOpen ? new BranchInput.Prepared(it.branch()) : refusal(it.branch());
        } else if (work instanceof BranchEffect.CommitPrepared it) {
            world.setLocal(slot, local == World.PREPARED ? World.COMMITTED : local);
            boolean isCommitted = world.local(slot) == World.COMMITTED;
            return isCommitted ? new BranchInput.Committed(it.branch()) : new BranchInput.NothingFound(it.branch());
        } else if (work instanceof BranchEffect.RollBackPrepared it) {
            world.setLocal(slot, local == World.PREPARED ? World.ROLLED_BACK : local);
            boolean isCommitted = local == World.COMMITTED;
            return isCommitted ? new BranchInput.FoundCommitted(it.branch()) : new BranchInput.RolledBack(it.branch());
        }
        throw new AssertionError("unknown step in a database " + work);
    }

    /** The step fails. */
    void refuse(BranchId branch) {
        answer(Names.slotOf(branch), refusal(branch));
    }

    /** The branch turns out to have written nothing. */
    void foundReadOnly(BranchId branch) {
        int slot = Names.slotOf(branch);
        world.mark(slot, World.WROTE_NOTHING);
        answer(slot, new BranchInput.NothingWritten(branch));
    }

    private static BranchInput refusal(BranchId branch) {
        return new BranchInput.PrepareFailed(branch, "refused");
    }

    private void answer(int slot, BranchInput input) {
        instance(slot, new InstanceStep.Give(input));
    }

    private void raise(String what) {
        alarm = alarm.isEmpty() ? what : alarm;
    }
}
