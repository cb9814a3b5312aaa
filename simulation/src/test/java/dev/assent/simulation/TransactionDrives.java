package dev.assent.simulation;

import static dev.assent.simulation.DrivenShard.A;
import static dev.assent.simulation.DrivenShard.B;
import static dev.assent.simulation.DrivenShard.P;
import static dev.assent.simulation.DrivenShard.Q;
import static dev.assent.simulation.DrivenShard.TERM;

import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every input of a transaction in every state of it that can meet it, given to a real core. */
final class TransactionDrives {
    private final Coverage coverage;

    TransactionDrives(Coverage coverage) {
        this.coverage = coverage;
    }

    List<Driven> all() {
        List<Driven> all = new ArrayList<>();
        for (Pair pair : Machine.TRANSACTION.pairs()) {
            if (!Machine.TRANSACTION.impossible().containsKey(pair)) {
                for (String variant : variants(pair.input())) {
                    all.add(drive(pair, variant));
                }
            }
        }
        return all;
    }

    /** Tries what cannot come up, as far as log, memory and timers forbid it: what is measured afterwards says whether. */
    void tryTheImpossible() {
        for (Pair pair : Machine.TRANSACTION.impossible().keySet()) {
            boolean isOver = Set.of("COMMITTED", "ABORTED", "ELSEWHERE").contains(pair.state());
            boolean isTimely =
                    Set.of("InstanceLost", "InstanceBack", "Woken", "Abandoned").contains(pair.input());
            if (isOver || isTimely) {
                drive(pair, "");
            }
        }
    }

    private static List<String> variants(String input) {
        return switch (input) {
            case "Voted" -> List.of("YES", "NO", "READ_ONLY");
            case "Reported" -> List.of("DONE", "NOTHING_FOUND", "FOUND_COMMITTED", "NOT_MINE");
            default -> List.of("");
        };
    }

    private Driven drive(Pair pair, String variant) {
        DrivenShard shard = new DrivenShard(coverage);
        Xid xid = bring(shard, pair);
        List<Effect> effects = give(shard, xid, pair, variant);
        return new Driven(Machine.TRANSACTION, pair, variant, shard.stateOf(xid), List.copyOf(effects));
    }

    // ---- into the state ----

    private static Xid bring(DrivenShard shard, Pair pair) {
        boolean isRecord = pair.input().equals("Ended") || pair.input().equals("HeuristicFound");
        boolean isListed = pair.state().equals("COMMITTING") || pair.state().equals("ENDING");
        if (isRecord && isListed && !pair.toString().equals("ENDING × Ended")) {
            // Such a record of the present leader has no business here; one of a deposed leader may come late.
            Xid xid = shard.resumed();
            if (pair.state().equals("ENDING")) {
                shard.done(xid);
            }
            return xid;
        }
        shard.leads();
        Xid xid = shard.xid(3);
        switch (pair.state()) {
            case "ACTIVE" -> shard.active(xid);
            case "PREPARING" -> shard.preparing(xid);
            case "DECIDING" -> shard.deciding(xid);
            case "COMMITTING" -> shard.committing(xid);
            case "ENDING" -> shard.ending(xid);
            case "COMMITTED" -> committed(shard, xid, pair.input());
            case "ABORTING" -> shard.aborting(xid);
            case "ABORTED" -> shard.aborted(xid);
            case "EXPIRED" -> {
                shard.expired(xid);
                boolean isOfAborted =
                        pair.input().equals("HeuristicFound") || pair.input().equals("Settled");
                return isOfAborted ? shard.xid(4) : xid;
            }
            case "UNKNOWN" -> {}
            case "ELSEWHERE" -> {
                return new Xid(World.CLUSTER, 1, TERM, 3);
            }
            default -> throw new AssertionError("no script leads to " + pair.state());
        }
        return xid;
    }

    /** To be settled, it must have ended with a branch that somebody rolled back by hand. */
    private static void committed(DrivenShard shard, Xid xid, String input) {
        if (input.equals("Settled")) {
            shard.committing(xid);
            shard.applied(TERM, DrivenShard.heuristic(xid, HeuristicKind.ROLLED_BACK));
            shard.done(xid);
            shard.applied(TERM, new LogRecord.Ended(xid));
        } else {
            shard.committed(xid);
        }
    }

    // ---- the input ----

    private List<Effect> give(DrivenShard shard, Xid xid, Pair pair, String variant) {
        return switch (pair.input()) {
            case "InstanceLost" -> shard.on(new Input.SessionClosed(Q, true));
            case "InstanceBack" -> shard.opens(Q, "b");
            case "Woken" -> shard.ticks();
            case "CommitDecided" -> shard.applied(TERM, DrivenShard.decision(xid));
            case "Ended" -> shard.applied(TERM, new LogRecord.Ended(xid));
            case "HeuristicFound" -> shard.applied(TERM, DrivenShard.heuristic(xid, kindIn(pair.state())));
            case "Abandoned" -> shard.applied(TERM, new LogRecord.Abandoned(xid, A, "ops", "gone"));
            case "Settled" -> settled(shard, xid, pair.state());
            case "Begin", "Commit", "Rollback", "OutcomeQuestion", "Abandon", "Settle" ->
                shard.asked(request(xid, pair.input()));
            default -> shard.told(P, notice(xid, pair.input(), variant));
        };
    }

    private static HeuristicKind kindIn(String state) {
        boolean isListed = state.equals("COMMITTING") || state.equals("ENDING");
        return isListed ? HeuristicKind.ROLLED_BACK : HeuristicKind.COMMITTED;
    }

    private static List<Effect> settled(DrivenShard shard, Xid xid, String state) {
        if (state.equals("COMMITTING")) {
            shard.applied(TERM, new LogRecord.Abandoned(xid, A, "ops", "gone"));
        } else if (!state.equals("COMMITTED")) {
            shard.applied(TERM, DrivenShard.heuristic(xid, kindIn(state)));
        }
        return shard.applied(TERM, new LogRecord.Settled(xid, A, "ops", "looked"));
    }

    static Request request(Xid xid, String name) {
        return switch (name) {
            case "Begin" -> new Request.Begin(Optional.of(xid), 0);
            case "Commit" -> DrivenShard.commit(xid);
            case "Rollback" -> new Request.Rollback(xid, DrivenShard.ROLLED_BACK);
            case "OutcomeQuestion" -> new Request.OutcomeQuestion(xid);
            case "Abandon" -> new Request.Abandon(xid, B, "ops", "gone");
            case "Settle" -> new Request.Settle(xid, B, "ops", "looked");
            default -> throw new AssertionError("no sample of " + name);
        };
    }

    static Notice notice(Xid xid, String name, String variant) {
        return switch (name) {
            case "Enlist" -> new Notice.Enlist(xid, A, 0);
            case "Voted" -> new Notice.Voted(xid, A, vote(variant), 1);
            case "Asked" -> new Notice.Asked(xid, A);
            case "Reported" ->
                new Notice.Reported(xid, A, variant.isEmpty() ? BranchReport.DONE : BranchReport.valueOf(variant));
            case "RowShown" -> new Notice.RowShown(xid, A);
            default -> throw new AssertionError("no sample of " + name);
        };
    }

    private static Vote vote(String variant) {
        return switch (variant) {
            case "NO" -> Vote.no("full");
            case "READ_ONLY" -> Vote.READ_ONLY;
            default -> Vote.YES;
        };
    }
}
