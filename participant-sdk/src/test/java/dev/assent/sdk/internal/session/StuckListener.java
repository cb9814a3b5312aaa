package dev.assent.sdk.internal.session;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.concurrent.CountDownLatch;

/** Holds the event thread at the news of a leader until it is let go, so that a test can add frames meanwhile. */
final class StuckListener implements SessionListener {
    private final CountDownLatch isReady;
    private final CountDownLatch letGo;

    StuckListener(CountDownLatch isReady, CountDownLatch letGo) {
        this.isReady = isReady;
        this.letGo = letGo;
    }

    @Override
    public void clusterKnown(ClusterId cluster, int shards) {}

    @Override
    public void leaderReady(int shard, long term) {
        isReady.countDown();
        try {
            letGo.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void told(int shard, Command command) {}

    @Override
    public void answered(long number, Answer answer) {}

    @Override
    public void refusedForGood(String reason, String detail) {}
}
