package dev.assent.simulation;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pairs of a state and an input that cannot come up, and why. Whoever writes a reason here asks what a hostile peer,
 * a record that comes late or twice, and a hand in the database could do: that the simulator never does it is none.
 */
final class ImpossiblePairs {
    private static final Map<Machine, Map<Pair, String>> REASONS = new EnumMap<>(Machine.class);

    private ImpossiblePairs() {}

    static Map<Pair, String> of(Machine machine) {
        Map<Pair, String> reasons = REASONS.getOrDefault(machine, Map.of());
        Map<Pair, String> inOrder = new LinkedHashMap<>();
        machine.pairs().stream()
                .filter(reasons::containsKey)
                .forEach(pair -> inOrder.put(pair, reasons.getOrDefault(pair, "")));
        return inOrder;
    }

    static {
        transactions();
        branches();
        initiators();
    }

    private static void transactions() {
        List<String> over = List.of("COMMITTED", "ABORTED", "EXPIRED", "UNKNOWN", "ELSEWHERE");
        never(
                Machine.TRANSACTION,
                over,
                List.of("InstanceLost", "InstanceBack", "Woken"),
                "instances and time concern the transactions in the leader's memory; this one is not in it");
        never(
                Machine.TRANSACTION,
                List.of("DECIDING", "ENDING"),
                List.of("Woken"),
                "the state has no timer; one that an earlier state has set finds nothing due");
        never(
                Machine.TRANSACTION,
                List.of("ACTIVE", "PREPARING", "ABORTING"),
                List.of("CommitDecided"),
                "a decision stands in the xid's own term only, whose one leader appends it on entering DECIDING, and"
                        + " only the standing record leads out of DECIDING");
        never(
                Machine.TRANSACTION,
                List.of("ABORTED", "UNKNOWN"),
                List.of("CommitDecided"),
                "a record is applied before the core hears of it: by a decision that stands the transaction is listed,"
                        + " or it has ended");
        never(
                Machine.TRANSACTION,
                List.of("ACTIVE", "PREPARING", "DECIDING", "ABORTING"),
                List.of("Ended"),
                "the state is known in the xid's own term only, whose one leader appends Ended on entering ENDING");
        never(
                Machine.TRANSACTION,
                List.of("ABORTED", "UNKNOWN"),
                List.of("Ended"),
                "a record is applied before the core hears of it: an Ended that stands has set the outcome's bit");
        never(
                Machine.TRANSACTION,
                List.of("ELSEWHERE"),
                List.of("CommitDecided", "Ended", "HeuristicFound", "Abandoned", "Settled"),
                "a record about another cluster or shard is void, and one about a later term comes in an entry of that"
                        + " term, which deposes the leader");
        heuristics();
    }

    private static void heuristics() {
        List<String> undecided = List.of("ACTIVE", "PREPARING", "DECIDING", "UNKNOWN");
        never(
                Machine.TRANSACTION,
                undecided,
                List.of("HeuristicFound", "Settled"),
                "a heuristic is recorded of listed, aborting and finished transactions; this state is known in the"
                        + " xid's own term only, and its one leader never comes back to it");
        never(
                Machine.TRANSACTION,
                List.of("COMMITTED"),
                List.of("HeuristicFound"),
                "with the outcome's bit set neither kind of heuristic stands");
        never(
                Machine.TRANSACTION,
                List.of("ACTIVE", "PREPARING", "DECIDING", "ABORTING", "COMMITTED", "ABORTED", "EXPIRED", "UNKNOWN"),
                List.of("Abandoned"),
                "an abandonment stands for listed transactions only, which are COMMITTING or ENDING");
    }

    private static void branches() {
        answers(
                List.of("EvidenceWritten", "NothingWritten"),
                List.of("WritingEvidence"),
                "WriteEvidence is asked for on entering WritingEvidence, and its one answer alone leads out");
        answers(
                List.of("Prepared"),
                List.of("Preparing"),
                "Prepare is asked for on entering Preparing, and its one answer alone leads out");
        answers(
                List.of("PrepareFailed"),
                List.of("WritingEvidence", "Preparing"),
                "WriteEvidence and Prepare are asked for on entering their states, and their one answer alone leads out");
        answers(
                List.of("Committed", "NothingFound"),
                List.of("Committing"),
                "CommitPrepared is in flight in Committing only, and its one answer alone leads out");
        answers(
                List.of("FoundCommitted"),
                List.of("RollingBackPrepared"),
                "RollBackPrepared is in flight in RollingBackPrepared only, and its one answer alone leads out");
        answers(
                List.of("Busy"),
                List.of("Committing", "RollingBackPrepared"),
                "only CommitPrepared and RollBackPrepared are answered so, whose states are left by their answers alone");
        List<String> opened = List.of("Active", "AwaitingCalls", "WritingEvidence", "Preparing");
        never(
                Machine.BRANCH,
                opened,
                List.of("RolledBack"),
                "no rollback is in flight: it is asked for on leaving the states before the vote, or when an id is"
                        + " opened that a forged command has used, which never gets here");
        never(
                Machine.BRANCH,
                List.of("Active", "AwaitingCalls", "WritingEvidence", "Preparing", "RollingBack"),
                List.of("Opened"),
                "the state follows Opened alone, and a process opens an id once");
        never(
                Machine.BRANCH,
                List.of("Ended", "Unknown"),
                List.of("Tick", "LeaderReady"),
                "time and news of leaders reach branches in progress only");
    }

    /** Each step is answered once: the driver's duty, which its own test holds. */
    private static void answers(List<String> answers, List<String> awaiting, String reason) {
        List<String> others = Machine.BRANCH.states().stream()
                .filter(state -> !awaiting.contains(state))
                .toList();
        never(Machine.BRANCH, others, answers, reason);
    }

    private static void initiators() {
        never(
                Machine.BEGUN,
                List.of("SETTLED", "UNKNOWN"),
                List.of("Leased", "LeaderReady", "Tick"),
                "numbers, leaders and time concern transactions without a final answer; a final answer stays");
    }

    private static void never(Machine machine, List<String> states, List<String> inputs, String reason) {
        Map<Pair, String> reasons = REASONS.computeIfAbsent(machine, unused -> new HashMap<>());
        for (String state : states) {
            for (String input : inputs) {
                reasons.put(new Pair(state, input), reason);
            }
        }
    }
}
