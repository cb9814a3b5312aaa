package dev.assent.simulation.explore;

import dev.assent.protocol.coordinator.ShardCore;

/**
 * What must hold, of single states: what the log decided, what each database did and what the initiator was told are all
 * in a state, so a contradiction shows in the first state in which it exists. Every answer is a line that names the rule,
 * or nothing.
 */
final class Judge {
    private final Cast cast;

    Judge(Cast cast) {
        this.cast = cast;
    }

    /** In every state. */
    String safety(World world) {
        Log.Prefix log = cast.log.get(world.get(World.LOG));
        boolean hasEffect = false;
        boolean isInterfered = log.abandoned() != 0;
        for (int slot = 0; slot < world.slots(); slot++) {
            String wrong = branch(world, slot, log);
            if (!wrong.isEmpty()) {
                return wrong;
            }
            hasEffect |= world.is(slot, World.ANSWERED) && !world.is(slot, World.WROTE_NOTHING);
            isInterfered |= world.is(slot, World.BY_HAND);
        }
        boolean isDecided = log.decided() != 0;
        int told = world.get(World.TOLD);
        if ((told & Told.DIFFERING) != 0 && !isInterfered) {
            return "AC4 the initiator was told that branches differ, and nobody interfered";
        }
        if ((told & Told.ABORTED) != 0 && isDecided) {
            return "AC4 the initiator was told ABORTED, and the commit decision stands";
        }
        if ((told & Told.COMMITTED) != 0 && !isDecided && hasEffect) {
            return "AC4 the initiator was told COMMITTED, and there is no standing decision";
        }
        return "";
    }

    private static String branch(World world, int slot, Log.Prefix log) {
        int local = world.local(slot);
        boolean isNamed = (log.decided() >> slot & 1) != 0;
        boolean isByHand = world.is(slot, World.BY_HAND);
        boolean isCommitted = local == World.COMMITTED || local == World.COMMITTED_WITHOUT_ROW;
        if ((log.contradicted() >> slot & 1) != 0 && !isByHand) {
            return "AC1 a heuristic is recorded of db" + slot + ", where nobody interfered";
        }
        if (isByHand) {
            return "";
        }
        if (isNamed && !isCommitted && local != World.PREPARED) {
            return local == World.ROLLED_BACK
                    ? "AC2 db" + slot + " was rolled back, and the standing decision is to commit it"
                    : "AC3 the standing decision names db" + slot + ", which never was prepared";
        }
        boolean isSettled = (log.settled() >> slot & 1) != 0;
        if (isNamed && local == World.PREPARED && log.isEnded() && !isSettled) {
            return "AC7 the transaction has ended, and db" + slot + " has not committed";
        }
        if (isCommitted && !isNamed) {
            return "AC1 db" + slot + " is committed, and no standing decision names it";
        }
        boolean isDecided = log.decided() != 0;
        if (isDecided && !isNamed && world.is(slot, World.ANSWERED) && !world.is(slot, World.WROTE_NOTHING)) {
            return "AC3 the call in db" + slot + " was answered OK, and the standing decision does not name it";
        }
        return "";
    }

    /** In states in which nothing has to happen any more, if a leader is there: it must all be over. */
    String liveness(World world) {
        ShardCore ready = null;
        for (int node = 0; node < world.nodes(); node++) {
            ShardCore core = cast.nodes.state(world.ofNode(node, World.STATE)).core();
            if (core.isReady() && world.get(World.LEADER) == node + 1) {
                ready = core;
            }
        }
        if (ready == null || world.get(World.XID_TERM) == 0) {
            return "";
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            int local = world.local(slot);
            if (local == World.ACTIVE || local == World.EVIDENCE || local == World.PREPARED) {
                return "AC6 the branch in db" + slot + " never ends";
            }
            if (local == World.COMMITTED && !world.is(slot, World.BY_HAND)) {
                return "AC7 the evidence row in db" + slot + " is never removed";
            }
        }
        if (!cast.log.state(world.get(World.LOG)).decisions().isEmpty()) {
            return "AC7 the decision stays listed for ever";
        }
        return ready.transactionCount() > 0 ? "AC7 the transaction stays in memory for ever" : handUnheard(world);
    }

    /** Somebody's contradiction must be known in the end. */
    private String handUnheard(World world) {
        Log.Prefix log = cast.log.get(world.get(World.LOG));
        for (int slot = 0; slot < world.slots(); slot++) {
            int local = world.local(slot);
            boolean isNamed = (log.decided() >> slot & 1) != 0;
            boolean differs =
                    world.is(slot, World.BY_HAND) && (isNamed ? local == World.ROLLED_BACK : local == World.COMMITTED);
            if (differs && ((log.contradicted() | log.settled()) >> slot & 1) == 0) {
                return "AC1 db" + slot + " was decided by hand against the decision, and no heuristic says so";
            }
        }
        return "";
    }
}
