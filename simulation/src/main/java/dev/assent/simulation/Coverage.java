package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.TransactionView;
import dev.assent.protocol.initiator.InitiatorCore;
import dev.assent.protocol.initiator.InitiatorInput;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which state of which machine met which input, seen from outside through what the cores show to people: no core knows of
 * it. It costs more than the run itself, so only some worlds are covered.
 */
final class Coverage {
    private static final int ALL = 100_000;
    private final boolean isOn;
    private final Map<Machine, Map<Pair, Long>> visited = new EnumMap<>(Machine.class);
    private final IdentityHashMap<InitiatorCore, BegunStates> begun = new IdentityHashMap<>();
    private List<TransactionView> before = List.of();
    private Set<String> aliveBefore = Set.of();
    private @Nullable ShardCore timely;
    private long timelyNanos;
    private boolean isTick;

    Coverage(boolean isOn) {
        this.isOn = isOn;
    }

    Visited visited() {
        return new Visited(visited);
    }

    private void visit(Machine machine, String state, String input) {
        visited.computeIfAbsent(machine, unused -> new HashMap<>()).merge(new Pair(state, input), 1L, Long::sum);
    }

    // ---- the coordinator ----

    void before(ShardCore core, Input input, long nowNanos) {
        if (!isOn) {
            return;
        }
        String name = nameOf(input);
        visit(Machine.SHARD, stateOf(core), name);
        if (!core.isReady()) {
            return;
        }
        boolean mayLose = input instanceof Input.Tick
                || input instanceof Input.SessionOpened
                || input instanceof Input.SessionClosed;
        if (mayLose) {
            before = core.views(ALL, nowNanos);
            aliveBefore = before.isEmpty() ? Set.of() : alive(core);
            timely = core;
            timelyNanos = nowNanos;
            isTick = input instanceof Input.Tick;
        }
        if (input instanceof Input.SessionOpened) {
            before.forEach(view -> visit(Machine.TRANSACTION, view.state(), "InstanceBack"));
        }
        Xid xid = xidOf(input, core.term());
        if (xid != null) {
            String state = core.view(xid, nowNanos).map(TransactionView::state).orElse("ELSEWHERE");
            visit(Machine.TRANSACTION, state, name);
        }
    }

    private static String stateOf(ShardCore core) {
        if (core.isReady()) {
            return "READY";
        }
        return core.canonical().contains("isAwaiting=true") ? "AWAITING" : "FOLLOWER";
    }

    /** What time did shows in what changed; and so does whom it lost. */
    void after(List<Effect> effects) {
        ShardCore core = timely;
        if (core == null) {
            return;
        }
        timely = null;
        Set<String> alive = before.isEmpty() ? Set.of() : alive(core);
        boolean isLoss = !alive.containsAll(aliveBefore);
        if (isLoss) {
            before.forEach(view -> visit(Machine.TRANSACTION, view.state(), "InstanceLost"));
        } else if (isTick) {
            before.forEach(view -> woken(core, view, effects));
        }
        before = List.of();
    }

    private void woken(ShardCore core, TransactionView view, List<Effect> effects) {
        TransactionView next = core.view(view.xid(), timelyNanos).orElse(view);
        boolean isTold = effects.stream()
                .anyMatch(effect ->
                        effect instanceof Effect.Send send && view.xid().equals(Names.xidOf(send.command())));
        if (isTold || !next.state().equals(view.state())) {
            visit(Machine.TRANSACTION, view.state(), "Woken");
        }
    }

    private static Set<String> alive(ShardCore core) {
        Set<String> alive = new HashSet<>();
        for (String line : core.canonical().split("\n", -1)) {
            if (line.startsWith("  instance ") && line.contains("isLost=false")) {
                alive.add(line.substring(11, line.indexOf('=', 11)));
            }
        }
        return alive;
    }

    /** A void record, and one of a later term, which deposes the leader, are news to the shard and not to a transaction. */
    private static @Nullable Xid xidOf(Input input, long term) {
        if (input instanceof Input.Noticed noticed) {
            return Names.xidOf(noticed.notice());
        } else if (input instanceof Input.Requested requested) {
            return Names.xidOf(requested.request());
        } else if (input instanceof Input.Applied applied) {
            boolean isItsOwn = applied.stood() && applied.entryTerm() <= term;
            return isItsOwn ? xidOf(applied.record()) : null;
        }
        return null;
    }

    private static @Nullable Xid xidOf(LogRecord record) {
        if (record instanceof LogRecord.CommitDecided it) {
            return it.xid();
        } else if (record instanceof LogRecord.Ended it) {
            return it.xid();
        } else if (record instanceof LogRecord.HeuristicFound it) {
            return it.xid();
        } else if (record instanceof LogRecord.Abandoned it) {
            return it.xid();
        }
        return record instanceof LogRecord.Settled it ? it.xid() : null;
    }

    private static String nameOf(Input input) {
        Object meant = input;
        if (input instanceof Input.Noticed noticed) {
            meant = noticed.notice();
        } else if (input instanceof Input.Requested requested) {
            meant = requested.request();
        } else if (input instanceof Input.Applied applied) {
            meant = applied.record();
        }
        return meant.getClass().getSimpleName();
    }

    // ---- branches ----

    void before(BranchCore core, BranchInput input) {
        if (isOn) {
            String name = BranchStates.nameOf(input);
            BranchStates.of(core, input).forEach(state -> visit(Machine.BRANCH, state, name));
        }
    }

    // ---- initiators ----

    void before(InitiatorCore core, InitiatorInput input) {
        if (!isOn) {
            return;
        }
        BegunStates states = begun.computeIfAbsent(core, BegunStates::new);
        String name = BegunStates.nameOf(input);
        states.look();
        if (Machine.BEGINNING.inputs().contains(name)) {
            visit(Machine.BEGINNING, states.isSomebodyWaiting() ? "WAITING" : "IDLE", name);
        }
        states.of(input).forEach(state -> visit(Machine.BEGUN, state, name));
    }
}
