package dev.assent.coordinator.shard;

/** The shard's loop has ended and answers nothing any more. */
public final class ShardStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ShardStoppedException(int shard) {
        super("shard " + shard + " of this node has stopped");
    }
}
