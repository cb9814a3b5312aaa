package dev.assent.coordinator.replication;

/** This node's replica cannot be created or started; the message says why and what to do, for an operator. */
public final class ReplicationException extends Exception {
    private static final long serialVersionUID = 1;

    ReplicationException(String message) {
        super(message);
    }

    ReplicationException(String message, Throwable cause) {
        super(message, cause);
    }
}
