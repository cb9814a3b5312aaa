package dev.assent.sdk.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Writes down what it hears, and on which threads. */
final class RecordingListener implements SessionListener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** What is heard next; waits for it. */
    String next() throws InterruptedException {
        String next = heard.poll(FakeNode.WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("news within %s s", FakeNode.WAIT_SECONDS).isNotNull();
        return next;
    }

    boolean hasHeardNothingMore() {
        return heard.isEmpty();
    }

    Set<Thread> threads() {
        return threads;
    }

    @Override
    public void clusterKnown(ClusterId cluster, int shards) {
        hear("cluster " + cluster + " of " + shards);
    }

    @Override
    public void leaderReady(int shard, long term) {
        hear("leader of " + shard + " in " + term);
    }

    @Override
    public void told(int shard, Command command) {
        hear("told by " + shard + " " + command.getClass().getSimpleName());
    }

    @Override
    public void answered(long number, Answer answer) {
        hear("answered " + number + " " + answer.getClass().getSimpleName());
    }

    @Override
    public void refusedForGood(String reason, String detail) {
        hear("refused " + reason + " " + detail);
    }

    private void hear(String news) {
        threads.add(Thread.currentThread());
        heard.add(news);
    }
}
