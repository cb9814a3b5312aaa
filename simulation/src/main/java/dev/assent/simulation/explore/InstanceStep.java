package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchInput;

/** One step of one participant's process: a pure function of its state. */
sealed interface InstanceStep {
    /** The application calls, which opens the branch. */
    record Open(int xidTerm) implements InstanceStep {}

    /** The core is given an input. */
    record Give(BranchInput input) implements InstanceStep {}

    /** All timers of this class and of those below it are due. */
    record Fire(int level) implements InstanceStep {}
}
