package dev.assent.simulation.explore;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a walk goes. Everything that may happen without end in the world happens at most so often on one path.
 *
 * @param branches of the transaction, each in a participant of its own; 1 to 4
 * @param nodes of the shard; 1 to 3
 * @param terms how many leaders there are one after the other
 * @param crashes of nodes and participants
 * @param duplicates messages that arrive twice; {@link #UNLIMITED}: every message may arrive at any time, again and
 *     again, for ever
 * @param drops messages that get lost for certain; with unlimited duplicates a message that is never delivered is lost
 * @param hands prepared branches that somebody commits or rolls back by hand
 * @param suspicions participants that are taken for dead while they live
 * @param refusals branches that cannot prepare
 * @param readers branches that wrote nothing
 * @param operators times that somebody gives up on a branch, or settles one
 * @param strays calls that are made though the initiator has asked for the commit
 * @param steps 1: whatever may happen does happen between a database's being asked and its having done it; 0: only
 *     between the steps that could be told apart from outside
 */
record Bounds(
        int branches,
        int nodes,
        int terms,
        int crashes,
        int duplicates,
        int drops,
        int hands,
        int operators,
        int suspicions,
        int refusals,
        int readers,
        int strays,
        int steps) {
    static final int UNLIMITED = -1;

    static final Bounds SMALLEST = new Bounds(2, 2, 1, 0, UNLIMITED, 0, 0, 0, 0, 0, 0, 0, 0);

    Bounds {
        check("branches", branches, 1, Names.MAX_SLOTS);
        check("nodes", nodes, 1, 3);
        check("terms", terms, 1, 6);
        check("crashes", crashes, 0, 6);
        check("duplicates", duplicates, UNLIMITED, 100);
        check("drops", drops, 0, 100);
        check("hands", hands, 0, 4);
        check("operators", operators, 0, 4);
        check("suspicions", suspicions, 0, 4);
        check("refusals", refusals, 0, 4);
        check("readers", readers, 0, 4);
        check("strays", strays, 0, 4);
        check("steps", steps, 0, 1);
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", not " + value);
        }
    }

    boolean hasCompleteNetwork() {
        return duplicates == UNLIMITED;
    }

    /**
     * Reads {@code branches=2 terms=3 crashes=1}; what is not named is as in {@link #SMALLEST}.
     *
     * @throws IllegalArgumentException if a word is unknown or a number is out of range
     */
    static Bounds parse(String text) {
        Map<String, Integer> values = SMALLEST.values();
        for (String word : text.strip().split(" +")) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (equals < 0 || !values.containsKey(name)) {
                throw new IllegalArgumentException("bounds are <name>=<number>, names " + values.keySet());
            }
            values.put(name, Integer.parseInt(word.substring(equals + 1)));
        }
        Integer[] v = values.values().toArray(new Integer[0]);
        return new Bounds(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12]);
    }

    /** By name, in order. */
    Map<String, Integer> values() {
        Map<String, Integer> values = new LinkedHashMap<>();
        values.put("branches", branches);
        values.put("nodes", nodes);
        values.put("terms", terms);
        values.put("crashes", crashes);
        values.put("duplicates", duplicates);
        values.put("drops", drops);
        values.put("hands", hands);
        values.put("operators", operators);
        values.put("suspicions", suspicions);
        values.put("refusals", refusals);
        values.put("readers", readers);
        values.put("strays", strays);
        values.put("steps", steps);
        return values;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values().forEach((name, value) -> text.append(text.length() == 0 ? "" : " ")
                .append(name)
                .append('=')
                .append(value));
        return text.toString();
    }
}
