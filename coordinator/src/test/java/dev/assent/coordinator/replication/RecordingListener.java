package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.Input;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told, in order. */
final class RecordingListener implements LogListener {
    private final List<String> news = new ArrayList<>();
    private final List<Input.Applied> applied = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private long lastPack;
    private int appliedAtLastWin;

    @Override
    public synchronized void leadershipWon() {
        news.add("won");
        appliedAtLastWin = applied.size();
    }

    @Override
    public synchronized void leadershipLost() {
        news.add("lost");
    }

    @Override
    public synchronized void applied(long loop, long packNumber, List<Input.Applied> records) {
        lastPack = packNumber;
        applied.addAll(records);
    }

    @Override
    public synchronized void refused(long loop, long packNumber, String reason) {
        refusals.add(packNumber + ": " + reason);
    }

    @Override
    public synchronized void failed(String cause) {
        news.add("failed: " + cause);
    }

    /** Words of leadership and failure. */
    synchronized List<String> news() {
        return List.copyOf(news);
    }

    synchronized List<String> failures() {
        return news.stream().filter(word -> word.startsWith("failed: ")).toList();
    }

    synchronized boolean isLeading() {
        return !news.isEmpty() && news.get(news.size() - 1).equals("won");
    }

    synchronized List<Input.Applied> applied() {
        return List.copyOf(applied);
    }

    /** How many records had been applied when leadership was won last. */
    synchronized int appliedAtLastWin() {
        return appliedAtLastWin;
    }

    synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    synchronized long lastPack() {
        return lastPack;
    }
}
