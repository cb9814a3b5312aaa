package dev.assent.simulation;

import static dev.assent.simulation.DrivenShard.I;
import static dev.assent.simulation.DrivenShard.P;
import static dev.assent.simulation.DrivenShard.TERM;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Notice;
import java.util.ArrayList;
import java.util.List;

/** Every input of a shard in every state of it, given to a real core; about an xid that nothing was heard of. */
final class ShardDrives {
    private final Coverage coverage;

    ShardDrives(Coverage coverage) {
        this.coverage = coverage;
    }

    List<Driven> all() {
        List<Driven> all = new ArrayList<>();
        for (Pair pair : Machine.SHARD.pairs()) {
            all.add(drive(pair, ""));
            if (pair.input().equals("LeaderStarted")) {
                all.add(drive(pair, "of the next term"));
                all.add(drive(pair, "own, void"));
            } else if (pair.input().equals("CommitDecided")) {
                all.add(drive(pair, "of the own term, void"));
            }
        }
        return all;
    }

    private Driven drive(Pair pair, String variant) {
        DrivenShard shard = new DrivenShard(coverage);
        if (pair.state().equals("AWAITING")) {
            shard.awaits();
        } else if (pair.state().equals("READY")) {
            shard.leads();
        }
        List<Effect> effects = give(shard, pair.input(), variant);
        return new Driven(Machine.SHARD, pair, variant, shard.shardState(), List.copyOf(effects));
    }

    private static List<Effect> give(DrivenShard shard, String input, String variant) {
        Xid xid = shard.xid(3);
        if (variant.equals("of the own term, void")) {
            return shard.on(new Input.Applied(TERM, DrivenShard.decision(xid), false));
        }
        return switch (input) {
            case "LeadershipWon" -> shard.on(new Input.LeadershipWon());
            case "LeadershipLost" -> shard.on(new Input.LeadershipLost());
            case "SessionOpened" -> shard.opens(P, "a");
            case "SessionHeard" -> shard.on(new Input.SessionHeard(P));
            case "SessionClosed" -> shard.on(new Input.SessionClosed(P, false));
            case "Tick" -> shard.ticks();
            case "BlockWanted" -> shard.told(I, new Notice.BlockWanted());
            case "BlockReturned" -> shard.told(I, new Notice.BlockReturned(BlockId.of(xid)));
            case "LeaderStarted" -> started(shard, variant);
            case "ClusterCreated", "CommitDecided", "Ended", "Forgotten", "HeuristicFound", "Abandoned", "Settled" ->
                shard.applied(shard.core.isReady() ? TERM : 1, record(xid, input));
            case "Enlist", "Voted", "Asked", "Reported", "RowShown" ->
                shard.told(P, TransactionDrives.notice(xid, input, ""));
            default -> shard.asked(TransactionDrives.request(xid, input));
        };
    }

    private static List<Effect> started(DrivenShard shard, String variant) {
        if (variant.equals("of the next term")) {
            return shard.applied(TERM + 1, new LogRecord.LeaderStarted(new NodeId("n2"), 9));
        } else if (variant.equals("own, void")) {
            return shard.on(new Input.Applied(TERM, DrivenShard.ownStart(), false));
        }
        return shard.applied(TERM, DrivenShard.ownStart());
    }

    private static LogRecord record(Xid xid, String name) {
        return switch (name) {
            case "ClusterCreated" -> new LogRecord.ClusterCreated(World.CLUSTER, DrivenShard.SHARD, 1);
            case "CommitDecided" -> DrivenShard.decision(new Xid(World.CLUSTER, DrivenShard.SHARD, 1, 3));
            case "Ended" -> new LogRecord.Ended(xid);
            case "Forgotten" -> new LogRecord.Forgotten(BlockId.of(xid));
            case "HeuristicFound" -> DrivenShard.heuristic(xid, HeuristicKind.ROLLED_BACK);
            case "Abandoned" -> new LogRecord.Abandoned(xid, DrivenShard.A, "ops", "gone");
            case "Settled" -> new LogRecord.Settled(xid, DrivenShard.A, "ops", "looked");
            default -> throw new AssertionError("no sample of " + name);
        };
    }
}
