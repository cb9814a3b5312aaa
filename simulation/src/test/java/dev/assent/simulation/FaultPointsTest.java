package dev.assent.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.fault.FaultAction;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.fault.FaultRule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One rule in a world in which nothing else goes wrong: it strikes, at the step that it names, and everything holds. */
class FaultPointsTest {
    private static final int TRANSACTIONS = 50;

    /** What no world comes to in which nothing else goes wrong: leaders stay, replicas keep up. */
    private static final Set<FaultPoint> OF_TROUBLE = EnumSet.of(
            FaultPoint.LEADER_LOST,
            FaultPoint.SNAPSHOT_INSTALLED,
            FaultPoint.RECOVERY_ANSWERED,
            FaultPoint.SESSION_LOST);

    /** Calm worlds with a majority that survives the loss of a node, and with snapshots. */
    private static final List<Long> CALM = LongStream.iterate(1, seed -> seed + 1)
            .filter(seed -> {
                WorldParameters parameters = WorldParameters.draw(new Dice(seed));
                return parameters.isCalm()
                        && parameters.nodes() >= 3
                        && parameters.log().snapshotEntries() <= 5;
            })
            .limit(3)
            .boxed()
            .toList();

    private static World world(long seed, String... rules) {
        List<FaultRule> parsed = new ArrayList<>();
        for (String rule : rules) {
            parsed.add(FaultRule.parse(rule));
        }
        return new World(Plan.of(seed, TRANSACTIONS), parsed, true, false);
    }

    // Without it: an action at a point is a word in a report, and nobody has tried what it does.
    @Test
    void everyActionStrikesAtEveryPointAndAllHolds() {
        List<String> idle = new ArrayList<>();
        for (FaultPoint point : FaultPoint.values()) {
            for (FaultAction action : FaultRules.actionsAt(point)) {
                String rule = point.label() + ":" + action.label() + ":nth=2"
                        + (action == FaultAction.DELAY ? ":millis=300" : "");
                long strikes = 0;
                for (long seed : CALM) {
                    RunResult result = Simulation.run(world(seed, rule));
                    assertThat(result.violation())
                            .as("seed %s with %s", seed, rule)
                            .isEmpty();
                    strikes += strikes(result, point);
                }
                if (strikes == 0 && !OF_TROUBLE.contains(point)) {
                    idle.add(rule);
                }
            }
        }
        assertThat(idle).as("rules that never struck").isEmpty();
    }

    // Without it: a stop "after the append" comes before the entry is in any log, and no decision is ever left open.
    @Test
    void leaderThatStopsAtDecisionAppendedLeavesTheDecisionInItsLog() {
        for (long seed : CALM) {
            RunResult result = Simulation.run(world(seed, "decision.appended:kill:nth=3"));
            String before = lineBefore(result, "at decision.appended: kill");
            assertThat(before).contains("appends in term", "CommitDecided");
            assertThat(result.marks()).contains(Mark.LEADER_CRASHED_AFTER_APPEND);
        }
    }

    // Without it: whoever stops "before the append" has appended, and a decision that nobody knows of never vanishes.
    @Test
    void leaderThatStopsBeforeTheAppendLeavesNothing() {
        for (long seed : CALM) {
            RunResult result = Simulation.run(world(seed, "decision.before-append:kill:nth=1"));
            assertThat(result.timeline().stream().takeWhile(line -> !line.contains("at decision.before-append: kill")))
                    .noneMatch(line -> line.contains("CommitDecided"));
            assertThat(result.marks()).doesNotContain(Mark.LEADER_CRASHED_AFTER_APPEND);
        }
    }

    // Without it: a delay lets the rest of the turn, or later turns, overtake the step that stands still.
    @Test
    void loopThatStandsStillSaysNothingMeanwhile() {
        for (long seed : CALM) {
            RunResult result = Simulation.run(world(seed, "decision.applied:delay:nth=2:millis=400"));
            List<String> lines = result.timeline();
            int at = indexOf(lines, "at decision.applied: delay");
            String node = lines.get(at).trim().split(" +", 3)[1];
            double from = seconds(lines.get(at));
            double next = lines.stream()
                    .filter(line -> line.trim().split(" +", 3)[1].equals(node))
                    .filter(line -> line.contains("  sends ") && seconds(line) > from)
                    .mapToDouble(FaultPointsTest::seconds)
                    .min()
                    .orElseThrow();
            assertThat(next).isGreaterThanOrEqualTo(from + 0.399999);
        }
    }

    // Without it: a full disk is one bad write, and the node that comes back finds it well.
    @Test
    void diskThatStaysFullStopsItsNodeAgain() {
        long strikes = 0;
        for (long seed : CALM) {
            RunResult result = Simulation.run(world(seed, "log.before-force:full:nth=10:millis=9000"));
            strikes += strikes(result, FaultPoint.LOG_BEFORE_FORCE);
        }
        assertThat(strikes).as("strikes of one rule for each world").isGreaterThan(CALM.size());
    }

    // Without it: nothing can be left out when a failing world is made small.
    @Test
    void ruleAndStrikeThatAreLeftOutDoNotStrike() {
        long seed = CALM.get(0);
        List<FaultRule> rules = List.of(FaultRule.parse("command.received:drop:chance=0.3:seed=7"));
        RunResult all = Simulation.run(new World(Plan.of(seed, TRANSACTIONS), rules, false, false));
        assertThat(all.struck()).hasSizeGreaterThan(3);

        Plan withoutFirst =
                Plan.of(seed, TRANSACTIONS).withoutFaults(List.of(all.struck().get(0)));
        RunResult less = Simulation.run(new World(withoutFirst, rules, false, false));
        assertThat(less.struck()).doesNotContain(all.struck().get(0)).isNotEmpty();

        Plan withoutRule = Plan.of(seed, TRANSACTIONS).withoutRules(List.of(0));
        RunResult none = Simulation.run(new World(withoutRule, rules, false, false));
        assertThat(none.struck()).isEmpty();
        assertThat(none.rules()).isEqualTo(1);
    }

    private static long strikes(RunResult result, FaultPoint point) {
        return result.points().getOrDefault(point, PointCount.NONE).strikes();
    }

    private static String lineBefore(RunResult result, String text) {
        return result.timeline().get(indexOf(result.timeline(), text) - 1);
    }

    private static int indexOf(List<String> lines, String text) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i;
            }
        }
        throw new AssertionError("no line says: " + text);
    }

    private static double seconds(String line) {
        return Double.parseDouble(line.trim().split(" +", 2)[0]);
    }
}
