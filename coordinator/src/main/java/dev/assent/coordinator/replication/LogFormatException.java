package dev.assent.coordinator.replication;

import java.io.IOException;

/**
 * Bytes of a log entry or a snapshot are not what this release can read: damaged, of a later format, or of another
 * cluster. Never repaired by guessing: a replica that skipped an entry would have another state than its peers.
 */
public final class LogFormatException extends IOException {
    private static final long serialVersionUID = 1;

    LogFormatException(String message) {
        super(message);
    }

    LogFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
