package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.StateImage;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.simulation.Violation.Law;
import java.util.ArrayList;
import java.util.List;

/**
 * The second phase: faults stop among a drawn core of nodes and processes; the rest is broken for ever. Then everything must
 * end within bounded time, and nothing may be left.
 */
final class Healing {
    private static final long BOUND_NANOS = 1_200 * WorldParameters.SECOND;
    private static final long STEP_NANOS = 500 * WorldParameters.MILLI;
    private final World world;
    private final Luck luck = new Luck(7_000_000L);

    Healing(World world) {
        this.world = world;
    }

    void run() {
        heal();
        long until = world.nowNanos + BOUND_NANOS;
        String left = "";
        while (world.nowNanos < until) {
            world.runUntil(world.nowNanos + STEP_NANOS);
            left = leftovers();
            if (left.isEmpty()) {
                return;
            }
            world.operators.settleEverything();
        }
        throw new Violation(
                left.startsWith("AC6") ? Law.AC6 : Law.AC7, "after " + Nanos.text(BOUND_NANOS) + " of health: " + left);
    }

    private void heal() {
        world.trace(world.outside, () -> "faults end");
        world.faults.end();
        world.outside.healing();
        world.network.mendAll();
        world.databases.forEach(Database::comeBack);
        int most = world.parameters.isCalm() ? 0 : (world.nodes.size() - 1) / 2;
        int broken = world.dice.below(Purpose.HEALING, luck, most + 1);
        int first = world.dice.below(Purpose.HEALING, luck, world.nodes.size());
        for (NodeSlot slot : world.nodes) {
            boolean isBroken = (slot.index - first + world.nodes.size()) % world.nodes.size() < broken;
            Node node = slot.node();
            if (node != null && (isBroken || node.isEnding())) {
                node.crash();
            }
            if (!isBroken) {
                slot.start();
            }
        }
        world.groups.forEach(group -> group.electSoon(150, 1_000));
        world.databases.forEach(this::heal);
        for (TransactionRun run : world.transactions) {
            Xid xid = run.xid();
            if (xid != null && !run.isInitiatorAlive()) {
                askAbout(xid);
            }
        }
    }

    private void heal(Database database) {
        List<ServiceSlot> slots = world.services.stream()
                .filter(slot -> slot.database == database)
                .toList();
        int survivor = world.dice.below(Purpose.HEALING, luck, slots.size());
        for (int i = 0; i < slots.size(); i++) {
            ServiceSlot slot = slots.get(i);
            boolean isBroken =
                    i != survivor && !world.parameters.isCalm() && world.dice.chance(Purpose.HEALING, luck, 30);
            ServiceProcess newest = slot.process();
            for (ServiceProcess life : slot.lives()) {
                if (life != newest || isBroken) {
                    life.crash();
                }
            }
            if (newest == null && !isBroken) {
                slot.start();
            }
        }
    }

    /** Whoever began it is gone; somebody else wants to know. */
    private void askAbout(Xid xid) {
        long later = world.dice.between(Purpose.HEALING, luck, 100, 5_000) * WorldParameters.MILLI;
        world.after(later, world.outside, () -> {
            for (ServiceSlot slot : world.services) {
                ServiceProcess process = slot.process();
                if (process != null) {
                    process.initiators.ask(new InitiatorInput.OutcomeWanted(xid));
                    return;
                }
            }
        });
    }

    // ---- what is left ----

    private String leftovers() {
        for (Database database : world.databases) {
            String left = database.leftovers();
            if (!left.isEmpty()) {
                return (left.contains("prepared") ? "AC6 " : "AC7 ") + database.name + left;
            }
        }
        for (RaftGroup group : world.groups) {
            String left = leftovers(group);
            if (!left.isEmpty()) {
                return "AC7 " + left;
            }
        }
        return leftoversOfProcesses();
    }

    private String leftovers(RaftGroup group) {
        Replica leader = group.leader();
        if (leader == null || !leader.core.isReady()) {
            return "shard " + group.shard + " has no ready leader";
        }
        if (leader.core.transactionCount() > 0) {
            return leader.node + " holds " + leader.core.views(3, leader.node.clockNanos());
        }
        StateImage image = leader.state.image();
        if (!image.decisions().isEmpty()
                || !image.heuristics().isEmpty()
                || !image.abandoned().isEmpty()
                || !image.settled().isEmpty()) {
            return "shard " + group.shard + " lists " + image.decisions() + image.heuristics() + image.abandoned()
                    + image.settled();
        }
        return group.isSettledEverywhere() ? "" : "replicas of shard " + group.shard + " are behind";
    }

    private String leftoversOfProcesses() {
        List<String> left = new ArrayList<>();
        for (ServiceSlot slot : world.services) {
            ServiceProcess process = slot.process();
            if (process != null) {
                if (process.initiators.core.openCount() > 0) {
                    left.add(process + " has " + process.initiators.core.openCount()
                            + " transactions without an answer");
                }
                if (!process.branches.core.unresolved().isEmpty()) {
                    left.add(process + " has " + process.branches.core.unresolved());
                }
            }
        }
        for (TransactionRun run : world.transactions) {
            Xid xid = run.xid();
            if (xid != null && run.isWaiting() && !world.judge.of(xid).isSettled) {
                left.add(xid + " was never answered");
            }
        }
        return left.isEmpty() ? "" : "AC6 " + String.join("; ", left);
    }
}
