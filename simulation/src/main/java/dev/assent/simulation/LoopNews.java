package dev.assent.simulation;

import dev.assent.protocol.coordinator.Input;
import java.util.List;

/** What arrives at the loop of a shard and is no input of its core. */
sealed interface LoopNews {
    record Applied(LogEntry entry, List<Input.Applied> records) implements LoopNews {}

    record Refused(long pack) implements LoopNews {}

    /**
     * @param isAgain in the term in which it was won before
     */
    record Won(boolean isAgain) implements LoopNews {}

    record Lost() implements LoopNews {}

    record LogFailed() implements LoopNews {}
}
