package dev.assent.simulation.explore;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.message.Notice;
import java.util.List;

/** One step of one node: a pure function of its state. */
sealed interface NodeStep {
    /** The replicated state takes the next entry; the core is not told yet. */
    record Apply(int term, LogRecord record) implements NodeStep {}

    /** The core is given an input. */
    record Give(Input input) implements NodeStep {}

    /** The core hears of an instance. */
    record Hear(InstanceId from, Notice notice) implements NodeStep {}

    /** A new life of a participant opened its stream, and the old one's is broken. */
    record Meet(int slot, int life) implements NodeStep {}

    /** All timers of this class and of those below it are due; whoever is connected was heard of just before. */
    record Fire(int level) implements NodeStep {}

    /** Nothing was heard of this instance for a whole session lease. */
    record Suspect(InstanceId instance) implements NodeStep {}

    /** An instance that was silent, and lives, is heard of. */
    record HearAgain(InstanceId instance) implements NodeStep {}

    /**
     * The shard's loop starts anew over the state that its log gives it.
     *
     * @param lives of each slot's process
     */
    record Restart(int loop, List<Integer> lives) implements NodeStep {}
}
