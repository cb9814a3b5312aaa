package dev.assent.samples.demo;

import dev.assent.cli.Progress;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.samples.demo.Told.Verdict;
import dev.assent.samples.shop.Shop;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ProcessCluster;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One run: starts everything as processes of its own, lets buyers buy while a participant is killed after its vote and
 * the leader between a decision and its second phase, waits until everything has healed, and audits.
 */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int BUYERS = 8;

    /** The process dies at the so-many-th commit that reaches its database: its branch has voted and is in doubt. */
    private static final String PARTICIPANT_FAULT = "-Dassent.fault=commit.before-database:kill:nth=";

    /** Whichever node leads by then dies with the decision in the log and nobody told. */
    private static final String LEADER_FAULT = "-Dassent.fault=decision.applied:kill:nth=";

    private final Path directory;
    private final int purchases;
    private final long seed;
    private final Progress progress;
    private final List<String> faults = new ArrayList<>();
    private int askedAgain;

    public Demo(Path directory, int purchases, long seed, Progress progress) {
        this.directory = directory;
        this.purchases = purchases;
        this.seed = seed;
        this.progress = progress;
    }

    /** What one run gave. */
    public record Run(DemoResult result, List<Told> told, Audit audit) {}

    /** Runs it; takes some tens of seconds. */
    public Run run() throws SQLException {
        long startNanos = System.nanoTime();
        progress.step("Starting three coordinator nodes");
        String leaderFault = LEADER_FAULT + purchases / 4 + ":once="
                + directory.resolve("leader-was-killed").toAbsolutePath();
        try (ProcessCluster cluster =
                        ProcessCluster.start(directory.resolve("cluster"), 3, 1, List.of(), List.of(leaderFault));
                ShopProcesses services = new ShopProcesses(directory, cluster.addresses())) {
            progress.step("Starting orders, inventory and payments");
            services.start("payments", List.of(PARTICIPANT_FAULT + purchases / 8));
            services.start("orders", List.of());
            services.start("inventory", List.of());
            ShopProcesses.SERVICES.forEach(services::awaitReady);
            List<Told> told = buyAndHeal(cluster, services);
            progress.step("Reading the databases");
            services.stop();
            Audit audit = Audit.of(directory, told);
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            return new Run(DemoResult.of(told, askedAgain, faults, audit, seconds), told, audit);
        }
    }

    private List<Told> buyAndHeal(ProcessCluster cluster, ShopProcesses services) {
        try (Assent assent = Assent.connect(cluster.addresses())) {
            Shop shop = new Shop(
                    assent, services.channel("orders"), services.channel("inventory"), services.channel("payments"));
            Buyers buyers = new Buyers(shop, purchases, seed);
            buyers.start(BUYERS);
            while (!buyers.areDone()) {
                showProgress(buyers.told());
                restartWhoDied(cluster, services);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            Await.that("the planned faults have struck", PATIENCE, () -> {
                restartWhoDied(cluster, services);
                return faults.size() == 2;
            });
            progress.step("Waiting until nothing is in doubt");
            ShopProcesses.SERVICES.forEach(services::awaitReady);
            cluster.awaitLeaders(PATIENCE);
            Await.that("no transaction is open", PATIENCE, () -> cluster.openTransactions() == 0);
            return settle(assent, buyers.told());
        }
    }

    private void restartWhoDied(ProcessCluster cluster, ShopProcesses services) {
        if (!services.process("payments").isAlive()) {
            fault("payments killed after its vote, restarted");
            services.process("payments").close();
            services.start("payments", List.of());
        }
        for (int node = 0; node < cluster.size(); node++) {
            if (!cluster.process(node).isAlive()) {
                fault("leader killed between decision and phase two, restarted");
                cluster.process(node).close();
                cluster.startNode(node, List.of());
            }
        }
    }

    private void fault(String what) {
        faults.add(what);
        progress.note("  ✗ " + what);
    }

    private void showProgress(List<Told> told) {
        progress.update(told.size() + " of " + purchases + " purchases: "
                + DemoResult.count(told, Verdict.COMMITTED) + " committed, "
                + DemoResult.count(told, Verdict.ABORTED) + " aborted, "
                + DemoResult.count(told, Verdict.UNKNOWN) + " not known yet");
    }

    /** Whoever was left without an answer asks again, as a real client would. */
    private List<Told> settle(Assent assent, List<Told> told) {
        List<Told> settled = new ArrayList<>();
        for (Told one : told) {
            if (one.verdict() == Verdict.UNKNOWN) {
                askedAgain++;
                Xid xid = one.xid().orElseThrow();
                Outcome outcome = Await.value("the outcome of " + xid, PATIENCE, () -> assent.outcome(xid));
                settled.add(one.settled(outcome == Outcome.COMMITTED ? Verdict.COMMITTED : Verdict.ABORTED));
            } else {
                settled.add(one);
            }
        }
        return settled;
    }
}
