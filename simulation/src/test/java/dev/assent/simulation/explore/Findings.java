package dev.assent.simulation.explore;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that a walk finds: what becomes true of what the judge looks at, and everything that does not hold. What the
 * initiator was told counts at its most, since a walk may leave out the states in which it was told less.
 */
final class Findings implements Watch {
    private static final long PATIENCE_STATES = 20_000_000;
    private static final double PATIENCE_SECONDS = 300;

    /** Sets of what the initiator was told, by all the rest; a set that is in another is left out. */
    private final TreeMap<String, TreeSet<Integer>> told = new TreeMap<>();

    private final TreeSet<String> violations = new TreeSet<>();
    private boolean isExhausted;
    private long states;

    static Findings of(String bounds, Set<Reduction> reductions) {
        Findings findings = new Findings();
        Exploration walk = new Explorer(Bounds.parse(bounds), reductions, findings)
                .walk(PATIENCE_STATES, PATIENCE_SECONDS, states -> {});
        findings.isExhausted = walk.isExhausted();
        findings.states = walk.states();
        return findings;
    }

    @Override
    public void reached(Cast cast, World world) {
        Log.Prefix log = cast.log.get(world.get(World.LOG));
        TreeSet<String> slots = new TreeSet<>();
        for (int slot = 0; slot < world.slots(); slot++) {
            // Of participants that are alike it does not matter which is which, only how many.
            String one = "database " + Integer.toBinaryString(world.ofSlot(slot, World.DATABASE))
                    + ((log.decided() >> slot & 1) != 0 ? " decided" : "")
                    + ((log.contradicted() >> slot & 1) != 0 ? " contradicted" : "");
            while (!slots.add(one)) {
                one += " again";
            }
        }
        TreeSet<Integer> sets = told.computeIfAbsent(slots + (log.isEnded() ? " ended" : ""), rest -> new TreeSet<>());
        int set = world.get(World.TOLD);
        if (sets.stream().noneMatch(known -> (set & ~known) == 0)) {
            sets.removeIf(known -> (known & ~set) == 0);
            sets.add(set);
        }
    }

    @Override
    public boolean goesOnAfter(String violation) {
        violations.add(violation.replaceAll("(db|slot|svc|node)\\d", "$1"));
        return true;
    }

    /** Different states that were visited. */
    long states() {
        return states;
    }

    /** Everything, as text. */
    @Override
    public String toString() {
        return (isExhausted ? "" : "not everything was seen\n") + "violations " + violations + "\n" + told.size()
                + " facts, and what the initiator was told:\n" + told;
    }
}
