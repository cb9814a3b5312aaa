package dev.assent.protocol.coordinator;

import java.util.ArrayList;
import java.util.List;

/**
 * A Raft log as cores may meet it. Entries commit in order; a change of leader commits some of those on their way and
 * loses the rest; what a deposed leader submits is refused, or hangs in limbo and lands under a later leader, as a
 * client that retries by itself would make it.
 */
final class ModelLog {
    /** No node leads. */
    static final int NOBODY = -1;

    record Entry(long term, LogRecord record) {}

    private final List<Entry> committed = new ArrayList<>();
    private final List<Entry> onTheirWay = new ArrayList<>();
    private final List<LogRecord> limbo = new ArrayList<>();
    private long term;
    private int leader = NOBODY;

    ModelLog(LogRecord birth) {
        committed.add(new Entry(1, birth));
        term = 1;
    }

    void append(int node, LogRecord record, Draw draw) {
        if (node == leader) {
            onTheirWay.add(new Entry(term, record));
            if (draw.percent(5)) {
                onTheirWay.add(new Entry(term, record));
            }
        } else if (draw.percent(50)) {
            limbo.add(record);
        }
    }

    void commitSome(Draw draw) {
        int count = onTheirWay.isEmpty() ? 0 : 1 + draw.below(onTheirWay.size());
        committed.addAll(onTheirWay.subList(0, count));
        onTheirWay.subList(0, count).clear();
    }

    void elect(int node, Draw draw) {
        int survivors = draw.below(onTheirWay.size() + 1);
        committed.addAll(onTheirWay.subList(0, survivors));
        for (Entry lost : onTheirWay.subList(survivors, onTheirWay.size())) {
            if (draw.percent(30)) {
                limbo.add(lost.record());
            }
        }
        onTheirWay.clear();
        term += 1 + draw.below(2);
        leader = node;
    }

    void landFromLimbo(Draw draw) {
        if (leader != NOBODY && !limbo.isEmpty()) {
            onTheirWay.add(new Entry(term, draw.take(limbo)));
        }
    }

    void abdicate(int node) {
        if (leader == node) {
            leader = NOBODY;
        }
    }

    /** The faults are over. */
    void clearLimbo() {
        limbo.clear();
    }

    List<Entry> committed() {
        return committed;
    }

    int leader() {
        return leader;
    }

    long term() {
        return term;
    }
}
