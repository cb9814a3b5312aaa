package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchEffect;
import dev.assent.simulation.explore.InstanceState.Call;
import java.util.Arrays;

/** What may happen next in a world. Some of it may turn out to change nothing. Not thread-safe. */
final class Choices {
    private final Cast cast;
    private int[] actions = new int[64];
    private int size;

    Choices(Cast cast) {
        this.cast = cast;
    }

    int size() {
        return size;
    }

    int get(int at) {
        return actions[at];
    }

    /** Looks at this world. */
    void in(World world) {
        size = 0;
        application(world);
        messages(world);
        databases(world);
        operators(world);
        log(world);
        leadership(world);
        instances(world);
        timers(world);
    }

    private void add(ActionKind kind, int small, int large) {
        if (size == actions.length) {
            actions = Arrays.copyOf(actions, 2 * size);
        }
        actions[size++] = kind.action(small, large);
    }

    private void application(World world) {
        int term = world.get(World.XID_TERM);
        if (term == 0) {
            for (int t = 1; t <= world.get(World.TERM); t++) {
                if ((world.get(World.ANNOUNCED) >> t & 1) != 0) {
                    add(ActionKind.BEGIN, 0, t);
                }
            }
            return;
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            boolean isFresh =
                    cast.instances.state(world.ofSlot(slot, World.STATE)).call() == Call.NOT_MADE;
            boolean mayCall = world.get(World.SUMS) == 0 || world.get(World.STRAYS) > 0;
            if (isFresh && mayCall && world.local(slot) == World.NOTHING) {
                add(ActionKind.CALL, slot, 0);
            }
        }
        boolean isWanted = world.get(World.SUMS) != 0;
        if (!isWanted && isNoCallOpenOrFailed(world)) {
            add(ActionKind.WANT_COMMIT, 0, 0);
        }
        for (int node = 0; node < world.nodes(); node++) {
            for (int kind = 0; kind < Steps.REQUESTS; kind++) {
                if (kind != Steps.COMMIT_REQUEST || isWanted) {
                    add(ActionKind.REQUEST, node, kind);
                }
            }
        }
    }

    /** An honest initiator does not ask for the commit before. */
    private boolean isNoCallOpenOrFailed(World world) {
        for (int slot = 0; slot < world.slots(); slot++) {
            Call call = cast.instances.state(world.ofSlot(slot, World.STATE)).call();
            boolean isOver = world.is(slot, World.ANSWERED) || call == Call.NOT_MADE;
            if (!isOver) {
                return false;
            }
        }
        return true;
    }

    private void messages(World world) {
        for (int i = 0; i < world.messages.size(); i++) {
            int number = world.messages.get(i);
            boolean isUp = cast.messages.value(number) instanceof Message.Up;
            int first = isUp ? 0 : Names.slotOf(((Message.Down) cast.messages.value(number)).to());
            int last = isUp ? world.nodes() - 1 : first;
            for (int actor = first; actor <= last; actor++) {
                add(ActionKind.DELIVER, actor, number);
                if (world.get(World.DUPLICATES) > 0) {
                    add(ActionKind.DUPLICATE, actor, number);
                }
            }
            if (world.get(World.DROPS) > 0) {
                add(ActionKind.DROP, 0, number);
            }
        }
    }

    private void databases(World world) {
        for (int i = 0; i < world.work.size(); i++) {
            int number = world.work.get(i);
            BranchEffect work = cast.work.value(number);
            add(ActionKind.WORK, 0, number);
            boolean isWriting = work instanceof BranchEffect.WriteEvidence;
            if (world.get(World.REFUSALS) > 0 && (isWriting || work instanceof BranchEffect.Prepare)) {
                add(ActionKind.REFUSE, 0, number);
            }
            if (world.get(World.READERS) > 0 && isWriting) {
                add(ActionKind.READ_ONLY, 0, number);
            }
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            if (world.get(World.HANDS) > 0 && world.local(slot) == World.PREPARED) {
                add(ActionKind.HAND, slot, 0);
                add(ActionKind.HAND, slot, 1);
            }
        }
    }

    private void operators(World world) {
        for (int node = 0; node < world.nodes() && world.get(World.OPERATORS) > 0; node++) {
            for (int slot = 0; slot < world.slots() && isReady(world, node); slot++) {
                add(ActionKind.ABANDON, node, slot);
                add(ActionKind.SETTLE, node, slot);
            }
        }
    }

    private void log(World world) {
        for (int i = 0; i < world.appends.size(); i++) {
            int number = world.appends.get(i);
            if (cast.submitted.value(number).node() + 1 == world.get(World.LEADER)) {
                add(ActionKind.APPEND, 0, number);
            }
        }
        int length = cast.log.get(world.get(World.LOG)).length();
        for (int node = 0; node < world.nodes(); node++) {
            if (world.ofNode(node, World.APPLIED) < length) {
                add(ActionKind.APPLY, node, 0);
            }
            if (world.ofNode(node, World.TOLD_UP_TO) < world.ofNode(node, World.APPLIED)) {
                add(ActionKind.TELL, node, 0);
            }
        }
    }

    private void leadership(World world) {
        int leader = world.get(World.LEADER) - 1;
        int length = cast.log.get(world.get(World.LOG)).length();
        if (world.get(World.IS_WON_PENDING) == 1 && world.ofNode(leader, World.TOLD_UP_TO) == length) {
            add(ActionKind.WON, leader, 0);
        }
        int elected = 0;
        for (int node = 0; node < world.nodes(); node++) {
            boolean isBeliever = cast.nodes.isBeliever(world.ofNode(node, World.STATE));
            if (isBeliever && node != leader) {
                add(ActionKind.LOST, node, 0);
            }
            elected = world.ofNode(node, World.ELECTED) == 1 ? node + 1 : elected;
        }
        if (world.get(World.TERM) < cast.bounds.terms()) {
            // Nodes that were never elected are alike: the first of them stands for all.
            for (int node = 0; node <= Math.min(elected, world.nodes() - 1); node++) {
                add(ActionKind.ELECT, node, 0);
            }
        }
    }

    private void instances(World world) {
        boolean mayCrash = world.get(World.CRASHES) > 0;
        for (int slot = 0; slot < world.slots(); slot++) {
            news(world, slot);
            if (mayCrash) {
                add(ActionKind.CRASH_INSTANCE, slot, 0);
            }
            for (int node = 0; node < world.nodes(); node++) {
                if (world.metLife(node, slot) < world.ofSlot(slot, World.LIFE)) {
                    add(ActionKind.MEET, node, slot);
                } else if (cast.nodes.takesForDead(world.ofNode(node, World.STATE), slot)) {
                    add(ActionKind.HEARD_AGAIN, node, slot);
                } else if (world.get(World.SUSPICIONS) > 0 && isReady(world, node)) {
                    add(ActionKind.SUSPECT, node, slot);
                }
            }
        }
        for (int node = 0; node < world.nodes() && mayCrash; node++) {
            add(ActionKind.CRASH_NODE, node, 0);
        }
    }

    private void news(World world, int slot) {
        int heard = world.ofSlot(slot, World.HEARD_TERM);
        if (cast.doesOfMessages(Reduction.NEWS)) {
            int latest = world.latestAnnounced();
            if (world.get(World.XID_TERM) > 0 && latest > Math.max(heard, world.get(World.XID_TERM))) {
                add(ActionKind.NEWS, slot, latest);
            }
            return;
        }
        for (int term = heard + 1; term <= world.get(World.TERM); term++) {
            if ((world.get(World.ANNOUNCED) >> term & 1) != 0) {
                add(ActionKind.NEWS, slot, term);
            }
        }
    }

    private void timers(World world) {
        int first = cast.doesOfMessages(Reduction.REPETITIONS) ? 2 : 1;
        for (int level = first; level <= Times.LEVELS; level++) {
            for (int node = 0; node < world.nodes(); node++) {
                if (isReady(world, node) && (level < Times.LEVELS || mayLeaseEnd(world, node))) {
                    add(ActionKind.NODE_TIMER, node, level);
                }
            }
            for (int slot = 0; slot < world.slots(); slot++) {
                if (level < Times.LEVELS) {
                    add(ActionKind.INSTANCE_TIMER, slot, level);
                }
            }
        }
    }

    private boolean mayLeaseEnd(World world, int node) {
        int state = world.ofNode(node, World.STATE);
        boolean matters = !cast.does(Reduction.LEASES)
                || world.get(World.XID_TERM) == cast.nodes.state(state).core().term();
        return matters && cast.nodes.hasUnopened(state);
    }

    private boolean isReady(World world, int node) {
        return cast.nodes.state(world.ofNode(node, World.STATE)).core().isReady();
    }
}
