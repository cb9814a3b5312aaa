package dev.assent.simulation.explore;

import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.message.Command;

/**
 * Brings a world after each action into a form that stands for many: what nobody could see is done, what can be said at any
 * time is said, what nobody can hear any more is gone. Each of these keeps reachable whatever was reachable. Not
 * thread-safe.
 */
final class Settling {
    private final Cast cast;
    private final Turn turn;
    private final Steps steps;
    private final World world;
    /** How often each kind of action was done here instead of being a choice. */
    private final long[] done = new long[ActionKind.values().length];

    Settling(Cast cast, Turn turn, Steps steps, World world) {
        this.cast = cast;
        this.turn = turn;
        this.steps = steps;
        this.world = world;
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
            } else if (cast.doesOfMessages(Reduction.REPETITIONS) && isTouched(node)) {
                repeat(node);
            }
            if (cast.does(Reduction.LEADERS)) {
                catchUp(node, length);
            }
        }
        if (cast.doesOfMessages(Reduction.NEWS)) {
            hearNews();
        }
        if (cast.bounds.hasCompleteNetwork() && turn.touched() != 0) {
            for (int slot = 0; slot < world.slots() && cast.does(Reduction.REPETITIONS); slot++) {
                if ((turn.touched() >> slot & 1) != 0) {
                    repeatOf(slot);
                }
            }
            answerAtOnce();
            if (cast.does(Reduction.DEAF)) {
                forgetDeafMessages();
            }
        }
        if (cast.does(Reduction.TELLINGS) && world.get(World.XID_TERM) > 0) {
            tellInitiator();
        }
        if (cast.does(Reduction.HOPELESS) && world.get(World.TERM) == cast.bounds.terms()) {
            forgetHopelessAppends();
        }
    }

    long done(ActionKind kind) {
        return done[kind.ordinal()];
    }

    private void count(ActionKind kind) {
        done[kind.ordinal()]++;
    }

    private boolean isTouched(int node) {
        return (turn.touched() >> Names.MAX_SLOTS + node & 1) != 0;
    }

    /** Before it is told of the record that makes it ready a node answers nobody, however far it has come. */
    private void catchUp(int node, int length) {
        boolean isBeliever = cast.nodes.isBeliever(world.ofNode(node, World.STATE));
        if (!isBeliever && world.get(World.IS_WON_PENDING) == 1 && world.get(World.LEADER) == node + 1) {
            world.set(World.IS_WON_PENDING, 0);
            turn.node(node, steps.won());
            count(ActionKind.WON);
        }
        if (!cast.nodes.isAwaiting(world.ofNode(node, World.STATE))) {
            return;
        }
        while (world.ofNode(node, World.TOLD_UP_TO) < length) {
            int next = world.ofNode(node, World.TOLD_UP_TO) + 1;
            if (world.ofNode(node, World.APPLIED) < next) {
                turn.apply(node);
                count(ActionKind.APPLY);
            }
            if (isOwnStart(node, next)) {
                return;
            }
            turn.tell(node);
            count(ActionKind.TELL);
        }
    }

    private boolean isOwnStart(int node, int position) {
        ShardIdentity own = Names.shard(node, world.ofNode(node, World.LOOP));
        return cast.log.entry(world.get(World.LOG), position).record() instanceof LogRecord.LeaderStarted started
                && started.node().equals(own.node())
                && started.loop() == own.loop();
    }

    private void hearNews() {
        int latest = world.latestAnnounced();
        int ofTransaction = world.get(World.XID_TERM);
        if (ofTransaction == 0) {
            return;
        }
        int notLater = 31 - Integer.numberOfLeadingZeros(world.get(World.ANNOUNCED) & (2 << ofTransaction) - 1 | 1);
        for (int slot = 0; slot < world.slots(); slot++) {
            int heard = world.ofSlot(slot, World.HEARD_TERM);
            boolean isNoNews = world.ofSlot(slot, World.LIFE) > 0
                    || heard > ofTransaction
                    || cast.instances.isPastVote(world.ofSlot(slot, World.STATE));
            int term = isNoNews ? latest : notLater;
            if (term > heard) {
                world.setSlot(slot, World.HEARD_TERM, term);
                turn.instance(slot, steps.news(term));
                count(ActionKind.NEWS);
            }
        }
    }

    private void tellInitiator() {
        for (int node = 0; node < world.nodes(); node++) {
            for (int kind = 0; kind < Steps.REQUESTS && isTouched(node); kind++) {
                if (kind != Steps.COMMIT_REQUEST || world.get(World.SUMS) != 0) {
                    int state = world.ofNode(node, World.STATE);
                    NodeOutcome outcome = cast.nodes.step(state, steps.request(world, kind));
                    if (outcome.next() == state
                            && outcome.appends().isEmpty()
                            && outcome.sends().length == 0
                            && !outcome.stepsDown()) {
                        turn.raise(outcome.alarm());
                        world.set(World.TOLD, world.get(World.TOLD) | outcome.told());
                    }
                }
            }
        }
    }

    private void follow(int node, int length) {
        while (world.ofNode(node, World.APPLIED) < length) {
            turn.apply(node);
            count(ActionKind.APPLY);
        }
        while (world.ofNode(node, World.TOLD_UP_TO) < length) {
            turn.tell(node);
            count(ActionKind.TELL);
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            if (world.metLife(node, slot) < world.ofSlot(slot, World.LIFE)) {
                turn.meet(node, slot);
                count(ActionKind.MEET);
            }
        }
    }

    /** What time would change beyond that stays a choice: longer spans of time are. */
    private void repeat(int node) {
        int step = steps.nodeFires(1);
        int before = world.ofNode(node, World.STATE);
        int after = cast.nodes.step(before, step).next();
        while (cast.nodes.isRepetition(before, after)) {
            turn.node(node, step);
            if (after == before) {
                return;
            }
            before = after;
            after = cast.nodes.step(before, step).next();
        }
    }

    /** A first life knows its branch; looking into its database again only shows rows. A later one has yet to look. */
    private void repeatOf(int slot) {
        int level = world.ofSlot(slot, World.LIFE) == 0 ? 2 : 1;
        int before;
        do {
            before = world.ofSlot(slot, World.STATE);
            turn.instance(slot, steps.instanceFires(level));
        } while (world.ofSlot(slot, World.STATE) != before);
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
                    answer(number, Names.slotOf(down.to()));
                } else {
                    wasHeard |= answer(number);
                }
            }
        } while (wasHeard || world.messages.size() != before);
    }

    private void answer(int message, int slot) {
        int state = world.ofSlot(slot, World.STATE);
        InstanceOutcome outcome = cast.instances.step(state, steps.told(message));
        if (cast.does(Reduction.ANSWERS)
                && outcome.next() == state
                && outcome.work().isEmpty()) {
            turn.raise(outcome.alarm());
            turn.sendAll(outcome.sends());
        }
    }

    /** Returns whether a leader that is aborting learnt something. */
    private boolean answer(int message) {
        boolean wasHeard = false;
        for (int node = 0; node < world.nodes(); node++) {
            int state = world.ofNode(node, World.STATE);
            NodeOutcome outcome = cast.nodes.step(state, steps.hear(message));
            if (outcome.next() == state && outcome.appends().isEmpty()) {
                if (!cast.does(Reduction.ANSWERS)) {
                    continue;
                }
                turn.raise(outcome.alarm());
                turn.sendAll(outcome.sends());
            } else if (cast.does(Reduction.ABORTING) && cast.nodes.isAborting(state)) {
                turn.node(node, steps.hear(message));
                wasHeard = true;
            }
        }
        return wasHeard;
    }

    /** Takes away what is under way and cannot change anything any more, whenever it arrives. */
    private void forgetDeafMessages() {
        for (int i = world.messages.size() - 1; i >= 0; i--) {
            int number = world.messages.get(i);
            if (cast.messages.value(number) instanceof Message.Down down && isDeafTo(number, down)) {
                world.messages.removeAt(i);
            }
        }
    }

    /**
     * Words about an enlistment reach a branch that was acknowledged for nothing, and questions and answers one that
     * voted or ended: now and for ever. What an ended branch says to an order without changing is said already.
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
        return outcome.work().isEmpty() && outcome.alarm().isEmpty() && outcome.next() == state;
    }

    /** In the last term only the present leader's records can enter. */
    private void forgetHopelessAppends() {
        for (int i = world.appends.size() - 1; i >= 0; i--) {
            if (cast.submitted.value(world.appends.get(i)).node() + 1 != world.get(World.LEADER)) {
                world.appends.removeAt(i);
            }
        }
    }
}
