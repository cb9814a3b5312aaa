package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.TransactionView;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which state of a transaction or a branch met which input, seen from outside through what the cores show to people: no
 * core knows of it. It costs more than the run itself, so only some worlds are covered.
 */
final class Coverage {
    private static final int ALL = 100_000;
    private final boolean isOn;
    private final Set<String> transactions = new TreeSet<>();
    private final Set<String> branches = new TreeSet<>();
    private final IdentityHashMap<ShardCore, Map<String, InstanceId>> lives = new IdentityHashMap<>();
    private List<TransactionView> ticked = List.of();
    private @Nullable ShardCore tickedCore;
    private long tickedNanos;

    Coverage(boolean isOn) {
        this.isOn = isOn;
    }

    Set<String> transactions() {
        return transactions;
    }

    Set<String> branches() {
        return branches;
    }

    // ---- the coordinator ----

    void before(ShardCore core, Input input, long nowNanos) {
        if (!isOn || !core.isReady()) {
            return;
        }
        if (input instanceof Input.Tick) {
            ticked = core.views(ALL, nowNanos);
            tickedCore = core;
            tickedNanos = nowNanos;
        } else if (input instanceof Input.SessionOpened opened) {
            core.views(ALL, nowNanos).forEach(view -> visit(view, "InstanceBack"));
            InstanceId before =
                    lives.computeIfAbsent(core, unused -> new HashMap<>()).put(opened.name(), opened.instance());
            if (before != null && !before.equals(opened.instance())) {
                core.views(ALL, nowNanos).forEach(view -> visit(view, "InstanceLost"));
            }
        } else {
            Xid xid = xidOf(input);
            String name = nameOf(input);
            if (xid != null && name != null && xid.term() <= core.term()) {
                core.view(xid, nowNanos).ifPresent(view -> visit(view, name));
            }
        }
    }

    /** What a tick did shows in what changed. */
    void after(List<Effect> effects) {
        ShardCore core = tickedCore;
        if (core == null) {
            return;
        }
        for (TransactionView view : ticked) {
            TransactionView next = core.view(view.xid(), tickedNanos).orElse(view);
            boolean isLoss = next.cause()
                    .filter(cause -> cause.kind() == AbortCause.Kind.INSTANCE_LOST)
                    .isPresent();
            boolean isTold = effects.stream()
                    .anyMatch(effect ->
                            effect instanceof Effect.Send send && view.xid().equals(Names.xidOf(send.command())));
            if (isTold || !next.state().equals(view.state())) {
                visit(view, isLoss && !view.state().equals("ABORTING") ? "InstanceLost" : "Woken");
            }
        }
        tickedCore = null;
        ticked = List.of();
    }

    private void visit(TransactionView view, String input) {
        if (Pairs.TRANSACTION_STATES.contains(view.state())) {
            transactions.add(view.state() + " × " + input);
        }
    }

    private static @Nullable Xid xidOf(Input input) {
        if (input instanceof Input.Noticed noticed) {
            return Names.xidOf(noticed.notice());
        } else if (input instanceof Input.Requested requested) {
            return Names.xidOf(requested.request());
        } else if (input instanceof Input.Applied applied && applied.stood()) {
            return xidOf(applied.record());
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

    private static @Nullable String nameOf(Input input) {
        if (input instanceof Input.Noticed noticed) {
            return nameOf(noticed.notice());
        } else if (input instanceof Input.Requested requested) {
            return nameOf(requested.request());
        } else if (input instanceof Input.Applied applied) {
            return nameOf(applied.record());
        }
        return null;
    }

    private static @Nullable String nameOf(Notice notice) {
        if (notice instanceof Notice.Enlist) {
            return "Enlisted";
        } else if (notice instanceof Notice.Voted) {
            return "Voted";
        } else if (notice instanceof Notice.Asked) {
            return "Asked";
        }
        return notice instanceof Notice.Reported ? "Reported" : null;
    }

    private static @Nullable String nameOf(Request request) {
        if (request instanceof Request.Begin) {
            return "Begun";
        } else if (request instanceof Request.Commit) {
            return "CommitWanted";
        } else if (request instanceof Request.Rollback) {
            return "RollbackWanted";
        }
        return request instanceof Request.OutcomeQuestion ? "OutcomeWanted" : null;
    }

    private static @Nullable String nameOf(LogRecord record) {
        if (record instanceof LogRecord.CommitDecided) {
            return "DecisionStood";
        } else if (record instanceof LogRecord.Ended) {
            return "EndStood";
        } else if (record instanceof LogRecord.Abandoned) {
            return "BranchAbandoned";
        }
        boolean isClosing = record instanceof LogRecord.HeuristicFound || record instanceof LogRecord.Settled;
        return isClosing ? "BranchClosed" : null;
    }

    // ---- branches ----

    void before(BranchCore core, BranchInput input) {
        if (!isOn) {
            return;
        }
        String text = core.canonical();
        String name = Pairs.nameOf(input);
        for (String state : states(text, Pairs.branchOf(input))) {
            branches.add(state + " × " + name);
        }
    }

    /** The states of the branches that the input is about; of all, if it is about none in particular. */
    private static List<String> states(String canonical, @Nullable String branch) {
        List<String> states = new ArrayList<>();
        for (String line : canonical.split("\n", -1)) {
            boolean isBranch = line.startsWith("  live ") || line.startsWith("  ended ");
            boolean isMeant = branch == null ? line.startsWith("  live ") : line.contains("/" + branch + ",");
            int at = line.indexOf(", state=");
            if (isBranch && isMeant && at >= 0) {
                states.add(line.substring(at + 8, line.indexOf('[', at)));
            }
        }
        return states;
    }
}
