package dev.assent.simulation;

import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In which states the branches are that an input is about, by what their core shows to people. */
final class BranchStates {
    private BranchStates() {}

    static String nameOf(BranchInput input) {
        Object meant = input instanceof BranchInput.Told told ? told.command() : input;
        return meant.getClass().getSimpleName();
    }

    static List<String> of(BranchCore core, BranchInput input) {
        if (input instanceof BranchInput.Told told && told.command() instanceof Command.Lease) {
            return List.of();
        }
        String text = core.canonical();
        if (input instanceof BranchInput.Tick) {
            return ofLive(text, "");
        } else if (input instanceof BranchInput.LeaderReady ready) {
            return ofLive(text, World.CLUSTER + "." + ready.shard() + ".");
        }
        List<String> states = new ArrayList<>();
        branches(input).forEach(branch -> states.add(of(text, branch)));
        return states;
    }

    /** The states of all branches that are in progress, if their xid begins so. */
    private static List<String> ofLive(String text, String xid) {
        List<String> states = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("  live ") && line.contains("ref=" + xid)) {
                states.add(stateIn(line));
            }
        }
        return states;
    }

    private static String of(String text, String branch) {
        for (String line : text.split("\n", -1)) {
            boolean isBranch = line.startsWith("  live ") || line.startsWith("  ended ");
            if (isBranch && line.contains("/" + branch + ",")) {
                return stateIn(line);
            }
        }
        return "Unknown";
    }

    private static String stateIn(String line) {
        int at = line.indexOf(", state=") + ", state=".length();
        return line.substring(at, line.indexOf('[', at));
    }

    private static List<String> branches(BranchInput input) {
        if (input instanceof BranchInput.PreparedListed it) {
            return texts(it.prepared());
        } else if (input instanceof BranchInput.RowsListed it) {
            return texts(it.committed());
        }
        String one = input instanceof BranchInput.Told told ? branchOf(told.command()) : branchOf(input);
        return one == null ? List.of() : List.of(one);
    }

    private static List<String> texts(List<BranchRef> refs) {
        return refs.stream().map(ref -> ref.branch().toString()).toList();
    }

    private static @Nullable String branchOf(BranchInput input) {
        if (input instanceof BranchInput.Opened it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.CallEntered it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.CallLeft it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.LastCall it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.Doomed it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.EvidenceWritten it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.NothingWritten it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.Prepared it) {
            return it.branch().toString();
        } else if (input instanceof BranchInput.PrepareFailed it) {
            return it.branch().toString();
        }
        BranchRef finished = finished(input);
        return finished == null ? null : finished.branch().toString();
    }

    private static @Nullable BranchRef finished(BranchInput input) {
        if (input instanceof BranchInput.Committed it) {
            return it.branch();
        } else if (input instanceof BranchInput.NothingFound it) {
            return it.branch();
        } else if (input instanceof BranchInput.RolledBack it) {
            return it.branch();
        } else if (input instanceof BranchInput.FoundCommitted it) {
            return it.branch();
        }
        return input instanceof BranchInput.Busy it ? it.branch() : null;
    }

    private static @Nullable String branchOf(Command command) {
        if (command instanceof Command.EnlistAcknowledged it) {
            return it.branch().toString();
        } else if (command instanceof Command.EnlistRefused it) {
            return it.branch().toString();
        } else if (command instanceof Command.Prepare it) {
            return it.branch().toString();
        } else if (command instanceof Command.CommitBranch it) {
            return it.branch().toString();
        } else if (command instanceof Command.AbortBranch it) {
            return it.branch().toString();
        } else if (command instanceof Command.BranchAnswer it) {
            return it.branch().toString();
        } else if (command instanceof Command.RowAnswer it) {
            return it.branch().toString();
        }
        return command instanceof Command.Forget it ? it.branch().toString() : null;
    }
}
