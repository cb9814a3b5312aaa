package dev.assent.coordinator.session;

import dev.assent.coordinator.shard.ShardInbox;
import dev.assent.protocol.coordinator.Input;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is offered; works it off at once, or when told to. */
final class RecordingInbox implements ShardInbox {
    private final int shard;
    private final List<List<Input>> items = new ArrayList<>();
    private final List<Runnable> unworked = new ArrayList<>();
    private boolean isStuck;

    RecordingInbox(int shard) {
        this.shard = shard;
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public void offer(List<Input> inputs, Runnable done) {
        synchronized (this) {
            items.add(inputs);
            if (isStuck) {
                unworked.add(done);
                return;
            }
        }
        done.run();
    }

    /** From now on nothing is worked off. */
    synchronized void stick() {
        isStuck = true;
    }

    /** Works off what waits. */
    void workOff() {
        List<Runnable> waiting;
        synchronized (this) {
            isStuck = false;
            waiting = List.copyOf(unworked);
            unworked.clear();
        }
        waiting.forEach(Runnable::run);
    }

    synchronized List<List<Input>> items() {
        return List.copyOf(items);
    }

    /** All inputs but the news that somebody was heard, which depend on time. */
    synchronized List<Input> inputs() {
        return items.stream()
                .flatMap(List::stream)
                .filter(input -> !(input instanceof Input.SessionHeard))
                .toList();
    }
}
