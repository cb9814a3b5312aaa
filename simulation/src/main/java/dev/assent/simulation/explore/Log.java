package dev.assent.simulation.explore;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ReplicatedState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All committed logs that were reached, each as its last entry after another log. Number 0 is empty. */
final class Log {
    /**
     * @param before the log without its last entry
     * @param length of the whole
     * @param term of the last entry
     * @param hasStood whether the last entry stood
     * @param decided the slots in the standing commit decision, as bits; 0 if there is none
     * @param isEnded whether the record that says that everybody has acknowledged stood
     * @param contradicted the slots of which a heuristic was recorded, as bits
     * @param settled the slots that an operator settled, as bits
     * @param abandoned the slots that an operator gave up, as bits
     */
    record Prefix(
            int before,
            int length,
            int term,
            LogRecord record,
            boolean hasStood,
            int decided,
            boolean isEnded,
            int contradicted,
            int settled,
            int abandoned) {
        private String entry() {
            return Canonical.of(term + " " + record + " " + hasStood, 0);
        }
    }

    private record Next(int before, int term, LogRecord record) {}

    private final List<Prefix> prefixes = new ArrayList<>();
    private final List<ReplicatedState> states = new ArrayList<>();
    private final Map<Next, Integer> known = new HashMap<>();
    /** What a whole log says, and what its last entry is; by the numbers in these lists. */
    private final Interned<String> texts;

    private final List<Integer> wholes = new ArrayList<>();
    private final List<Integer> entries = new ArrayList<>();

    Log(Slots slots) {
        texts = new Interned<>(slots);
        ReplicatedState first = new ReplicatedState();
        LogRecord created = new LogRecord.ClusterCreated(Names.cluster(), 0, 1);
        first.apply(1, created);
        add(new Prefix(0, 0, 1, created, true, 0, false, 0, 0, 0), first);
    }

    private void add(Prefix prefix, ReplicatedState state) {
        prefixes.add(prefix);
        states.add(state);
        StringBuilder whole = new StringBuilder("term " + prefix.term() + "\n" + state.image());
        for (int slot = 0; slot < Names.MAX_SLOTS; slot++) {
            whole.append((prefix.decided() >> slot & 1) != 0 ? "\ndecided db" + slot : "");
            whole.append((prefix.contradicted() >> slot & 1) != 0 ? "\ncontradicted db" + slot : "");
            whole.append((prefix.settled() >> slot & 1) != 0 ? "\nsettled db" + slot : "");
            whole.append((prefix.abandoned() >> slot & 1) != 0 ? "\nabandoned db" + slot : "");
        }
        String said = Canonical.of(whole.toString(), 0);
        wholes.add(texts.number(said, said));
        entries.add(texts.number(prefix.entry(), prefix.entry()));
    }

    /** The log with one more entry. */
    int append(int before, int term, LogRecord record) {
        Next next = new Next(before, term, record);
        @Nullable Integer number = known.get(next);
        if (number != null) {
            return number;
        }
        Prefix last = get(before);
        ReplicatedState state = ReplicatedState.of(states.get(before).image());
        boolean hasStood = state.apply(term, record);
        int decided = last.decided();
        boolean isEnded = last.isEnded() || (hasStood && record instanceof LogRecord.Ended);
        int contradicted = last.contradicted();
        int settled = last.settled();
        int abandoned = last.abandoned();
        if (hasStood && record instanceof LogRecord.CommitDecided it && decided == 0) {
            for (BranchId branch : it.branches()) {
                decided |= 1 << Names.slotOf(branch);
            }
        } else if (hasStood && record instanceof LogRecord.HeuristicFound it) {
            contradicted |= 1 << Names.slotOf(it.branch());
        } else if (hasStood && record instanceof LogRecord.Settled it) {
            settled |= 1 << Names.slotOf(it.branch());
        } else if (hasStood && record instanceof LogRecord.Abandoned it) {
            abandoned |= 1 << Names.slotOf(it.branch());
        }
        known.put(next, prefixes.size());
        add(
                new Prefix(
                        before,
                        last.length() + 1,
                        term,
                        record,
                        hasStood,
                        decided,
                        isEnded,
                        contradicted,
                        settled,
                        abandoned),
                state);
        return prefixes.size() - 1;
    }

    Prefix get(int number) {
        return prefixes.get(number);
    }

    /** The log up to this position of a log that is at least so long. */
    int upTo(int number, int position) {
        int at = number;
        while (get(at).length() > position) {
            at = get(at).before();
        }
        return at;
    }

    /** The entry at this position, from 1. */
    Prefix entry(int number, int position) {
        return get(upTo(number, position));
    }

    /** What all entries together say. */
    ReplicatedState state(int number) {
        return states.get(number);
    }

    /** Of what the log says, whichever way it came to say it. */
    long hash(int number, int order) {
        return texts.hash(wholes.get(number), order);
    }

    /** Of the entries after this position: all that is left to say to a node that is there. */
    long hashAfter(int number, int position, int order) {
        long hash = 0;
        int at = number;
        while (get(at).length() > position) {
            hash = Canonical.mix(hash + texts.hash(entries.get(at), order));
            at = get(at).before();
        }
        return hash;
    }
}
