package dev.assent.coordinator.api;

import dev.assent.coordinator.shard.ShardDoor;
import dev.assent.coordinator.shard.ShardQuestion;
import dev.assent.coordinator.shard.ShardStoppedException;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.message.Answer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** A shard that answers at once what the test says, or notes the request and keeps silent. */
final class FakeDoor implements ShardDoor {
    final BlockingQueue<Input.Requested> silent = new LinkedBlockingQueue<>();
    volatile Function<Input.Requested, Optional<Answer>> script = request -> Optional.empty();
    volatile long readyTerm = 3;
    private final int shard;
    private final PendingCalls pending;

    FakeDoor(int shard, PendingCalls pending) {
        this.shard = shard;
        this.pending = pending;
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public long readyTerm() {
        return readyTerm;
    }

    @Override
    public void offer(List<Input> inputs, Runnable done) {
        for (Input input : inputs) {
            Input.Requested requested = (Input.Requested) input;
            script.apply(requested)
                    .ifPresentOrElse(answer -> pending.reply(requested.id(), answer), () -> silent.add(requested));
        }
        done.run();
    }

    @Override
    public <T> CompletableFuture<T> query(ShardQuestion<T> question) {
        return CompletableFuture.failedFuture(new ShardStoppedException(shard));
    }
}
