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
    /** The step waits, see {@link FaultRule#delayMillis()}. */
    DELAY,
    /** The message is lost; for points at which one is about to be sent or worked off. */
    DROP,
    /** The message comes twice; likewise. */
    DUPLICATE;

    /** As it is written in rules. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
