package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One participant process, its database and a coordinator, as small as they can be, around the real core. Messages are
 * lost, repeated and reordered; the process stops before or after any step in its database; leaders change.
 */
final class ModelWorld {
    /** What the database knows of a branch. */
    private enum Local {
        OPEN,
        EVIDENCE,
        PREPARED,
        COMMITTED
    }

    private static final int SECOND_NANOS = 1_000_000_000;

    private final Random random;
    private final ModelCoordinator coordinator;
    private final Map<BranchRef, Local> database = new TreeMap<>();
    private final Set<BranchRef> rows = new LinkedHashSet<>();
    private final Set<BranchRef> readers = new LinkedHashSet<>();
    private final List<Runnable> inFlight = new ArrayList<>();
    private final List<Line> history = new ArrayList<>();
    private BranchCore core;
    private InstanceId instance;
    private int life;
    private long opened;
    private boolean isFaulty = true;
    private long nowNanos;

    ModelWorld(long seed) {
        this.random = new Random(seed);
        this.coordinator = new ModelCoordinator(command -> send(() -> give(new BranchInput.Told(command))));
        this.instance = new InstanceId("life00000000");
        this.core = newCore();
    }

    private BranchCore newCore() {
        instance = new InstanceId(String.format("life%08d", life++));
        return new BranchCore(instance, List.of(BranchScenario.DB), BranchSettings.DEFAULTS, nowNanos);
    }

    /** Faults on; then faults off until nothing is left, or for too long. */
    void run(int turns) {
        give(new BranchInput.LeaderReady(0, coordinator.term()));
        for (int i = 0; i < turns; i++) {
            turn();
        }
        isFaulty = false;
        for (int i = 0; i < 20_000 && !(inFlight.isEmpty() && isQuiet()); i++) {
            turn();
        }
    }

    private void turn() {
        if (!isFaulty && !inFlight.isEmpty()) {
            // Healed: everything arrives, in order.
            inFlight.remove(0).run();
            return;
        }
        int draw = random.nextInt(100);
        if (draw < 62 && !inFlight.isEmpty()) {
            inFlight.remove(random.nextInt(inFlight.size())).run();
        } else if (draw < 72) {
            pass();
        } else if (draw < 88) {
            coordinator.repeat(instance);
        } else if (isFaulty && draw < 92) {
            work();
        } else if (isFaulty && draw < 96) {
            coordinator.change(random);
        } else if (isFaulty && draw < 97) {
            coordinator.elect();
            give(new BranchInput.LeaderReady(0, coordinator.term()));
        } else if (isFaulty && draw < 98 && random.nextInt(3) == 0) {
            crash();
        } else if (draw < 99) {
            give(new BranchInput.LeaderReady(0, coordinator.term()));
        } else {
            coordinator.end();
        }
    }

    /** The application opens one or two branches of a transaction, writes or only reads, and asks for the commit. */
    private void work() {
        var xid = coordinator.begin();
        int branches = 1 + random.nextInt(2);
        for (int i = 0; i < branches; i++) {
            BranchId branch = new BranchId(BranchScenario.DB, instance, opened++);
            BranchRef ref = new BranchRef(xid, branch);
            database.put(ref, Local.OPEN);
            if (random.nextInt(5) == 0) {
                readers.add(ref);
            }
            give(new BranchInput.Opened(xid, branch, TimeUnit.SECONDS.toNanos(20)));
            give(new BranchInput.CallEntered(branch));
            if (random.nextInt(6) == 0) {
                give(new BranchInput.Doomed(branch, "undone"));
            }
            give(new BranchInput.CallLeft(branch));
        }
    }

    private void pass() {
        long step = random.nextInt(SECOND_NANOS);
        nowNanos = isFaulty
                ? nowNanos + step
                : Math.max(nowNanos + step, Math.min(core.nextDeadlineNanos(), nowNanos * 2));
        give(new BranchInput.Tick());
    }

    private void crash() {
        note("crash", instance);
        database.values().removeIf(local -> local == Local.OPEN || local == Local.EVIDENCE);
        inFlight.removeIf(action -> action instanceof Step);
        core = newCore();
        give(new BranchInput.LeaderReady(0, coordinator.term()));
    }

    private void give(BranchInput input) {
        note("in", input);
        for (BranchEffect effect : core.on(input, nowNanos)) {
            note("   out", effect);
            if (effect instanceof BranchEffect.Tell tell) {
                send(() -> hear(tell.notice()));
            } else if (!(effect instanceof BranchEffect.Closed
                    || effect instanceof BranchEffect.EnlistmentSettled
                    || effect instanceof BranchEffect.StuckInDoubt)) {
                InstanceId owner = instance;
                inFlight.add((Step) () -> step(effect, owner));
            }
        }
    }

    private void hear(Notice notice) {
        note("heard", notice);
        coordinator.on(notice);
    }

    /** A step in the database: done, or the process stops before or after it. */
    private interface Step extends Runnable {}

    private void step(BranchEffect effect, InstanceId owner) {
        if (isFaulty && random.nextInt(200) == 0) {
            crash();
            return;
        }
        BranchInput answer = execute(effect);
        if (isFaulty && random.nextInt(20) == 0) {
            // Done twice: both are answered.
            BranchInput second = execute(effect);
            inFlight.add((Step) () -> give(second));
        }
        if (isFaulty && random.nextInt(200) == 0) {
            crash();
        } else if (owner.equals(instance)) {
            give(answer);
        }
    }

    private BranchInput execute(BranchEffect effect) {
        boolean isUnlucky = isFaulty && random.nextInt(12) == 0;
        if (effect instanceof BranchEffect.WriteEvidence write) {
            BranchRef ref = new BranchRef(write.xid(), write.branch());
            if (isUnlucky || !database.containsKey(ref)) {
                return new BranchInput.PrepareFailed(write.branch(), "refused");
            } else if (readers.contains(ref)) {
                return new BranchInput.NothingWritten(write.branch());
            }
            database.computeIfPresent(ref, (key, local) -> local == Local.OPEN ? Local.EVIDENCE : local);
            return new BranchInput.EvidenceWritten(write.branch());
        } else if (effect instanceof BranchEffect.Prepare prepare) {
            BranchRef ref = new BranchRef(prepare.xid(), prepare.branch());
            if (isUnlucky && random.nextBoolean()) {
                return new BranchInput.PrepareFailed(prepare.branch(), "refused");
            }
            database.computeIfPresent(ref, (key, local) -> local == Local.EVIDENCE ? Local.PREPARED : local);
            return isUnlucky
                    ? new BranchInput.PrepareFailed(prepare.branch(), "prepared, but the answer was lost")
                    : new BranchInput.Prepared(prepare.branch());
        } else if (effect instanceof BranchEffect.RollBack rollBack) {
            BranchRef ref = new BranchRef(rollBack.xid(), rollBack.branch());
            database.computeIfPresent(
                    ref, (key, local) -> local == Local.OPEN || local == Local.EVIDENCE ? null : local);
            return new BranchInput.RolledBack(ref);
        } else if (effect instanceof BranchEffect.CommitPrepared commit) {
            return isUnlucky ? new BranchInput.Busy(commit.branch(), "busy") : commit(commit.branch());
        } else if (effect instanceof BranchEffect.RollBackPrepared rollBack) {
            return isUnlucky ? new BranchInput.Busy(rollBack.branch(), "busy") : rollBack(rollBack.branch());
        } else if (effect instanceof BranchEffect.ListPrepared list) {
            return new BranchInput.PreparedListed(list.resource(), prepared());
        } else if (effect instanceof BranchEffect.ListRows list) {
            return new BranchInput.RowsListed(list.resource(), List.copyOf(rows));
        } else if (effect instanceof BranchEffect.RemoveRows remove) {
            rows.removeAll(remove.rows());
        }
        return new BranchInput.Tick();
    }

    private BranchInput commit(BranchRef ref) {
        if (database.get(ref) == Local.PREPARED) {
            must(coordinator.isCommitted(ref), () -> "committed without a decision: " + ref);
            database.put(ref, Local.COMMITTED);
            rows.add(ref);
        }
        return rows.contains(ref) ? new BranchInput.Committed(ref) : new BranchInput.NothingFound(ref);
    }

    private BranchInput rollBack(BranchRef ref) {
        if (database.get(ref) == Local.PREPARED) {
            must(!coordinator.isCommitted(ref), () -> "rolled back against the decision: " + ref);
            database.remove(ref);
        }
        return rows.contains(ref) ? new BranchInput.FoundCommitted(ref) : new BranchInput.RolledBack(ref);
    }

    private List<BranchRef> prepared() {
        return database.entrySet().stream()
                .filter(entry -> entry.getValue() == Local.PREPARED)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void send(Runnable delivery) {
        if (isFaulty && random.nextInt(8) == 0) {
            return;
        }
        inFlight.add(delivery);
        if (isFaulty && random.nextInt(8) == 0) {
            inFlight.add(delivery);
        }
    }

    private boolean isQuiet() {
        return rows.isEmpty()
                && coordinator.isQuiet()
                && database.values().stream().allMatch(local -> local == Local.COMMITTED)
                && core.unresolved().isEmpty();
    }

    /** Every decided branch is committed, no other is, and nothing is left over. */
    void check() {
        if (!isQuiet()) {
            throw new AssertionError("not quiet: " + database + rows + core.canonical() + coordinator);
        }
        Map<BranchRef, Boolean> expected = new LinkedHashMap<>(coordinator.committed());
        must(
                expected.keySet().equals(new LinkedHashSet<>(database.keySet())),
                () -> "decided " + expected + ", found " + database);
    }

    int committedCount() {
        return database.size();
    }

    String history() {
        StringBuilder text = new StringBuilder();
        history.forEach(line -> text.append(line.millis)
                .append("ms ")
                .append(line.what)
                .append(' ')
                .append(line.value)
                .append('\n'));
        return text.toString();
    }

    private void note(String what, Object value) {
        history.add(new Line(TimeUnit.NANOSECONDS.toMillis(nowNanos), what, value));
    }

    /** Written as text only when somebody wants to read it. */
    private record Line(long millis, String what, Object value) {}

    private static void must(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    /** Where the coordinator's commands go. */
    interface Wire {
        void send(Command command);
    }
}
