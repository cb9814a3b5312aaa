package dev.assent.benchmarks.load;

import dev.assent.coordinator.admin.NodeCounts;
import java.util.List;

/**
 * How the log was used while the load was measured.
 *
 * @param entries submitted by all leaders
 * @param recordsPerEntry how many records shared an entry, in the mean; 0 without entries
 * @param forcedWritesPerSecond of the leader's log to its disk
 */
public record LogUse(long entries, double recordsPerEntry, double forcedWritesPerSecond) {
    static LogUse between(List<NodeCounts> before, List<NodeCounts> after, int leader, double seconds) {
        long entries = 0;
        long records = 0;
        for (int node = 0; node < before.size(); node++) {
            entries += after.get(node).entries() - before.get(node).entries();
            records += after.get(node).records() - before.get(node).records();
        }
        long forced = after.get(leader).forcedWrites() - before.get(leader).forcedWrites();
        return new LogUse(entries, entries == 0 ? 0 : (double) records / entries, forced / seconds);
    }
}
