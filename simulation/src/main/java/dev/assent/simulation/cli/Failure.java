package dev.assent.simulation.cli;

import dev.assent.simulation.RunResult;
import java.nio.file.Path;

/**
 * A world that did not hold.
 *
 * @param found as the seed drew it
 * @param small what is left of it, with its timeline
 * @param file where its plan is kept
 */
record Failure(RunResult found, RunResult small, Path file) {
    boolean isLiveness() {
        return found.violation().orElseThrow().isLiveness();
    }

    String law() {
        return found.violation().orElseThrow().law();
    }
}
