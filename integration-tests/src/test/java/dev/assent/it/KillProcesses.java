package dev.assent.it;

import dev.assent.protocol.Outcome;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Three nodes, two participants and an initiator, each a process of its own, used by one cell after another: only what was
 * killed is started again.
 */
final class KillProcesses implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PATIENT_MILLIS = 20_000;

    private final int shards;
    private final NodeProcesses nodes;
    private final ArmedProcess left;
    private final ArmedProcess right;
    private final ArmedProcess initiator;
    private final List<ProcessBooks> books;
    private final Assent asker;
    private final Judge judge;
    private final List<Told> untroubled = new ArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();

    KillProcesses(Path directory, int shards) {
        this.shards = shards;
        nodes = new NodeProcesses(directory, shards);
        List<Integer> ports = Ports.free(2);
        left = participant(directory, "left", ports.get(0));
        right = participant(directory, "right", ports.get(1));
        initiator = new ArmedProcess(
                "initiator",
                directory,
                AskedInitiatorProcess.class,
                List.of(nodes.addresses(), ports.get(0).toString(), ports.get(1).toString()),
                "CONTROL ");
        books = List.of(new ProcessBooks(left), new ProcessBooks(right));
        asker = Assent.connect(nodes.addresses());
        judge = new Judge(books, nodes::openTransactions);
    }

    private ArmedProcess participant(Path directory, String name, int port) {
        return new ArmedProcess(
                name,
                directory,
                ParticipantProcess.class,
                List.of(name, Integer.toString(port), nodes.addresses(), directory.toString()),
                "READY ");
    }

    NodeProcesses nodes() {
        return nodes;
    }

    /** The participant whose steps are looked at. */
    ArmedProcess left() {
        return left;
    }

    /** The participant that refuses where a transaction has to abort. */
    ArmedProcess right() {
        return right;
    }

    ArmedProcess initiator() {
        return initiator;
    }

    List<ProcessBooks> books() {
        return books;
    }

    /** Everything runs, every shard commits, and the log says of every transaction that it has ended. */
    void calm() {
        startTheDead();
        nodes.awaitLeaders();
        commitEverywhere();
        judge.nothingIsListed();
    }

    void startTheDead() {
        Stream.concat(nodes.all().stream(), Stream.of(left, right, initiator))
                .filter(process -> !process.isAlive())
                .forEach(ArmedProcess::restart);
    }

    /** A transaction on every shard, because numbers are taken from the shards in turn. */
    void commitEverywhere() {
        for (int shard = 0; shard < shards; shard++) {
            Await.that("a transaction commits", PATIENCE, () -> {
                String id = "calm-" + numbers.incrementAndGet();
                Told one = write(id, PATIENT_MILLIS);
                untroubled.add(one);
                return one.isCommitted();
            });
        }
    }

    /** What the initiator is told about a transaction that writes in both databases. */
    Told write(String id, int timeoutMillis) {
        return AskedInitiatorProcess.told(id, initiator.say("write " + id + " " + timeoutMillis, 90));
    }

    /** All of it must have happened as told, and nothing may be left; what the struck transaction came to. */
    Outcome judge(Told struck) {
        // Kept until it can be compared, or the next judgement would not know what it finds.
        untroubled.add(struck);
        judge.nothingIsInDoubt();
        List<Told> all = new ArrayList<>(untroubled);
        untroubled.clear();
        List<Told> settled = judge.holds(all, asker);
        judge.nothingIsLeft();
        return settled.get(settled.size() - 1).outcome().orElse(Outcome.ABORTED);
    }

    /** What was told about a transaction of a story that broke off. */
    void judgeLater(Told told) {
        untroubled.add(told);
    }

    /** Leaders have changed many times by now; nothing that was ever said may be said differently. */
    void answersStay() {
        judge.answersStay(asker);
    }

    @Override
    public void close() {
        asker.close();
        initiator.close();
        left.close();
        right.close();
        nodes.close();
    }
}
