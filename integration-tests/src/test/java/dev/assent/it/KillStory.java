package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.it.KillCell.Approach;
import dev.assent.it.KillCell.Ending;
import dev.assent.it.KillCell.Victim;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What happens in one cell, from a calm cluster to a judged one. */
final class KillStory {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int ATTEMPTS = 5;
    private static final String NOBODY = "nobody was told";
    private static final int TIMEOUT_MILLIS = 20_000;

    /** Where nobody is left to ask for the commit, the transaction ends by its timeout. */
    private static final int TIMEOUT_WITHOUT_INITIATOR_MILLIS = 5_000;

    /**
     * What came of a cell.
     *
     * @param told what the initiator was told, or that nobody was
     * @param places in which databases the entry is
     * @param healMillis from the blow until nothing was left of the transaction
     */
    record Row(KillCell cell, String told, List<Boolean> places, long healMillis) {}

    private record Held(ArmedProcess process, String xid) {}

    private final KillProcesses processes;
    private final KillCell cell;
    private final String name;
    private final List<ArmedProcess> toRelease = new ArrayList<>();
    private String id;
    private CompletableFuture<Told> told = new CompletableFuture<>();
    private boolean isJudged;

    /** @param name begins the names of the entries that are written */
    KillStory(KillProcesses processes, KillCell cell, String name) {
        this.processes = processes;
        this.cell = cell;
        this.name = name;
        this.id = name;
    }

    Row run() {
        processes.calm();
        Held held;
        if (cell.approach() == Approach.FOLLOWER_FALLS_BEHIND) {
            Held installing = followerFallsBehind();
            held = begun(FaultPoint.COMMIT_BEFORE_SEND, List.of(processes.initiator()));
            if (cell.victim() == Victim.FOLLOWER) {
                held = new Held(installing.process(), held.xid());
            }
        } else {
            held = approach(begun(cell.firstStop(), visitors(cell.firstStop())));
        }
        long sinceNanos = System.nanoTime();
        return judged(struck(held), sinceNanos);
    }

    /**
     * Runs the transaction until somebody stands at the step. On a busy machine an election may end it before: then it is
     * begun anew, as an application would.
     */
    private Held begun(FaultPoint point, List<ArmedProcess> visitors) {
        if (cell.ending() == Ending.ABORT) {
            processes.right().say("arm " + FaultPoint.PREPARE_BEFORE_EVIDENCE + ":throw");
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            visitors.forEach(each -> hold(each, point));
            if (cell.refusesLate()) {
                hold(processes.right(), FaultPoint.PREPARE_BEFORE_EVIDENCE);
            }
            begin(attempt);
            Optional<Held> held = awaitHeld(point, visitors);
            if (held.isPresent()) {
                return held.get();
            }
            processes.judgeLater(told.join());
        }
        throw new IllegalStateException(ATTEMPTS + " transactions aborted before they came to " + point + ": " + told);
    }

    private void begin(int attempt) {
        id = name + "-" + attempt;
        String present = id;
        int timeoutMillis = cell.victim() == Victim.INITIATOR ? TIMEOUT_WITHOUT_INITIATOR_MILLIS : TIMEOUT_MILLIS;
        told = CompletableFuture.supplyAsync(() -> processes.write(present, timeoutMillis));
    }

    private boolean isInVain() {
        return cell.ending() == Ending.COMMIT
                && told.isDone()
                && !told.isCompletedExceptionally()
                && told.join().isRetryable();
    }

    // ---- getting to the step ----

    private List<ArmedProcess> visitors(FaultPoint point) {
        return switch (point.side()) {
            case PARTICIPANT -> List.of(processes.left());
            case INITIATOR -> List.of(processes.initiator());
            case COORDINATOR -> nodesAt(point);
        };
    }

    /** Every node writes a log and snapshots; who is to be struck there must be who stands there. */
    private List<ArmedProcess> nodesAt(FaultPoint point) {
        if (!point.isOnDisk()) {
            return processes.nodes().all().stream()
                    .filter(ArmedProcess::isAwake)
                    .toList();
        }
        return List.of(
                cell.victim() == Victim.FOLLOWER
                        ? processes.nodes().follower(0)
                        : processes.nodes().leader(0));
    }

    private void hold(ArmedProcess process, FaultPoint point) {
        process.hold(point);
        toRelease.add(process);
    }

    /** Waits until somebody stands there; empty if the transaction ended before. */
    private Optional<Held> awaitHeld(FaultPoint point, List<ArmedProcess> armed) {
        try {
            return Await.value("anybody comes to " + point, PATIENCE, () -> {
                Optional<Held> held = heldNow(armed);
                return held.isPresent() || isInVain() ? Optional.of(held) : Optional.empty();
            });
        } catch (IllegalStateException e) {
            String nodes = processes.nodes().statuses().toString();
            throw new IllegalStateException(
                    e.getMessage() + "; armed: " + armed + "; told: " + told + "; nodes: " + nodes, e);
        }
    }

    private static Optional<Held> heldNow(List<ArmedProcess> armed) {
        return armed.stream()
                .flatMap(each -> each.held().map(xid -> new Held(each, xid)).stream())
                .findFirst();
    }

    private ArmedProcess awaitVisitor(List<ArmedProcess> armed) {
        return awaitHeld(cell.point(), armed)
                .orElseThrow(() -> new IllegalStateException("nobody came to " + cell.point() + "; told: " + told))
                .process();
    }

    private Held approach(Held first) {
        return switch (cell.approach()) {
            case NOTHING, FOLLOWER_FALLS_BEHIND -> first;
            case LEADER_DIES -> {
                List<ArmedProcess> armed = cell.point() == FaultPoint.SESSION_LOST
                        ? List.of(processes.left())
                        : processes.nodes().all().stream()
                                .filter(node -> node != first.process())
                                .toList();
                armed.forEach(each -> hold(each, cell.point()));
                first.process().kill();
                first.process().restart();
                yield new Held(awaitVisitor(armed), first.xid());
            }
            case LEADER_SLEEPS -> {
                first.process().pause();
                processes.nodes().leader(shard(first));
                first.process().resume();
                hold(first.process(), cell.point());
                yield new Held(awaitVisitor(List.of(first.process())), first.xid());
            }
            case PARTICIPANT_DIES -> {
                first.process().kill();
                first.process().restartHeldAt(cell.point());
                yield new Held(awaitVisitor(List.of(first.process())), first.xid());
            }
        };
    }

    /** Its log is purged by the others: a new term closes a file of the log, and the next snapshot purges it. */
    private Held followerFallsBehind() {
        ArmedProcess away = processes.nodes().follower(0);
        away.kill();
        processes.commitEverywhere();
        ArmedProcess leader = processes.nodes().leader(0);
        leader.kill();
        leader.restart();
        processes.commitEverywhere();
        processes.commitEverywhere();
        away.restartHeldAt(cell.point());
        toRelease.add(away);
        return new Held(awaitVisitor(List.of(away)), Stop.NO_XID);
    }

    // ---- the blow ----

    /** Strikes, lets everybody else go on, and says what the initiator was told. */
    private Told struck(Held held) {
        ArmedProcess victim = victim(held);
        Optional<Xid> xid = xid(held);
        if (cell.victim() == Victim.PAUSED_LEADER) {
            victim.pause();
            release();
            processes.nodes().leader(shard(held));
            victim.resume();
            victim.release();
        } else {
            victim.kill();
            release();
        }
        processes.startTheDead();
        if (victim == processes.initiator()) {
            return new Told(id, xid, Optional.empty(), false, NOBODY);
        }
        try {
            return told.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the initiator was told nothing: " + e, e);
        }
    }

    private ArmedProcess victim(Held held) {
        boolean leaderStandsThere = cell.point().side() == FaultPoint.Side.COORDINATOR
                && cell.point() != FaultPoint.LEADER_LOST
                && !cell.point().isOnDisk();
        return switch (cell.victim()) {
            case PARTICIPANT -> processes.left();
            case INITIATOR -> processes.initiator();
            case LEADER, PAUSED_LEADER ->
                leaderStandsThere ? held.process() : processes.nodes().leader(shard(held));
            case FOLLOWER -> {
                if (cell.point().isOnDisk()) {
                    yield held.process();
                }
                yield leaderStandsThere
                        ? processes.nodes().all().stream()
                                .filter(node -> node != held.process() && node.isAwake())
                                .findFirst()
                                .orElseThrow()
                        : processes.nodes().follower(shard(held));
            }
        };
    }

    private Optional<Xid> xid(Held held) {
        String known = held.xid().equals(Stop.NO_XID) ? processes.initiator().say("xid") : held.xid();
        return known.isEmpty() ? Optional.empty() : Optional.of(Xid.parse(known));
    }

    private int shard(Held held) {
        return xid(held).map(Xid::shard).orElse(0);
    }

    private void release() {
        toRelease.forEach(ArmedProcess::release);
    }

    // ---- afterwards ----

    private Row judged(Told struck, long sinceNanos) {
        isJudged = true;
        Outcome outcome = processes.judge(struck);
        long healMillis = (System.nanoTime() - sinceNanos) / 1_000_000;
        if (processes.right().isAlive()) {
            processes.right().say("disarm");
        }
        cell.fate()
                .ifPresent(fate ->
                        assertThat(outcome).as(cell + ", told: " + struck.why()).isEqualTo(fate));
        List<Boolean> places = processes.books().stream()
                .map(each -> each.entries().contains(id))
                .toList();
        String told = struck.why().equals(NOBODY)
                ? struck.why()
                : struck.outcome().map(Outcome::name).orElse("unknown");
        return new Row(cell, told, places, healMillis);
    }

    /** Whatever came of it: nobody stands anywhere any more, and what was told is not forgotten. */
    void end() {
        release();
        if (!isJudged) {
            Told unknown = new Told(id, Optional.empty(), Optional.empty(), false, NOBODY);
            processes.judgeLater(told.completeOnTimeout(unknown, 30, TimeUnit.SECONDS)
                    .exceptionally(failure -> unknown)
                    .join());
        }
        if (processes.right().isAwake()) {
            processes.right().say("disarm");
        }
    }
}
