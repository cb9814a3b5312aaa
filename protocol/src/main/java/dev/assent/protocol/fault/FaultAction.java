package dev.assent.protocol.fault;

import java.util.Locale;

/** What goes wrong at a point. */
public enum FaultAction {
    /** The process ends on the spot: no clean-up, nothing is flushed. */
    HALT,
    /** The operating system kills the process; the thread at the point goes no further. */
    KILL,
    /** The step fails with an exception. */
    THROW,
    /** The step waits, see {@link FaultRule#millis()}. */
    DELAY,
    /** The message is lost; for points at which one is about to be sent or worked off. */
    DROP,
    /** The message comes twice; likewise. */
    DUPLICATE,
    /** The disk refuses the step with an I/O error; for {@link FaultPoint#isOnDisk points on the disk}. */
    FAIL,
    /** The disk has no space left; likewise. */
    FULL;

    /** Whether it is something that a disk does, so that it strikes at steps of the disk alone. */
    public boolean isOfDisk() {
        return this == FAIL || this == FULL;
    }

    /** As it is written in rules. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
