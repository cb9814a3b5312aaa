package dev.assent.protocol.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {
    private static final Xid XID = new Xid(new ClusterId("shop", "k3x9q0ab"), 2, 5, 7);

    @Test
    void strikesAtTheNthVisitAndOnlyThen() {
        FaultPlan plan = plan("decision.applied:kill:nth=3");

        assertThat(strikes(plan, FaultPoint.DECISION_APPLIED, 5)).containsExactly(3);
        assertThat(plan.visit(FaultPoint.DECISION_APPENDED, FaultPlace.UNKNOWN)).isEmpty();
    }

    @Test
    void strikesOnlyWhatItIsAbout() {
        FaultPlan plan = plan("command.received:drop:shard=2:resource=orders-db");
        FaultPlace orders =
                new FaultPlace(Optional.of(XID), Optional.of(new ResourceName("orders-db")), Optional.empty());

        assertThat(plan.visit(FaultPoint.COMMAND_RECEIVED, FaultPlace.of(XID))).isEmpty();
        assertThat(plan.visit(FaultPoint.COMMAND_RECEIVED, orders))
                .map(FaultRule::action)
                .contains(FaultAction.DROP);
        assertThat(plan("command.received:drop:shard=1").visit(FaultPoint.COMMAND_RECEIVED, orders))
                .isEmpty();
        assertThat(plan("command.received:drop:xid=" + XID).visit(FaultPoint.COMMAND_RECEIVED, orders))
                .isPresent();
    }

    @Test
    void chanceIsOfTheSeedAndTheVisitAlone() {
        List<Integer> first = strikes(plan("vote.received:drop:chance=0.25:seed=9"), FaultPoint.VOTE_RECEIVED, 1_000);

        assertThat(first).hasSizeBetween(200, 300);
        assertThat(strikes(plan("vote.received:drop:chance=0.25:seed=9"), FaultPoint.VOTE_RECEIVED, 1_000))
                .isEqualTo(first);
        assertThat(strikes(plan("vote.received:drop:chance=0.25:seed=8"), FaultPoint.VOTE_RECEIVED, 1_000))
                .isNotEqualTo(first);
    }

    @Test
    void aFileNameMayHoldColons() {
        assertThat(FaultRule.parse("leader.ready:halt:nth=2:once=/tmp/a:b").once())
                .contains("/tmp/a:b");
    }

    @Test
    void aDiskMayBeFullForAWhile() {
        FaultRule rule = FaultRule.parse("log.before-force:full:nth=2:millis=1500");

        assertThat(rule.action()).isEqualTo(FaultAction.FULL);
        assertThat(rule.millis()).isEqualTo(1_500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "decision.applied",
                "decision.applied:explode",
                "nowhere.at-all:halt",
                "leader.lost:halt:nth=0",
                "leader.lost:halt:3",
                "leader.lost:delay",
                "leader.lost:halt:millis=5",
                "leader.lost:full",
                "prepare.durable:fail",
                "leader.lost:halt:chance=0",
                "leader.lost:halt:chance=2",
                "leader.lost:halt:xid=x",
                "leader.lost:halt:once="
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> FaultRule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** {@code -Dreference.write=true} writes it. */
    @Test
    void theReferenceListsEveryPoint() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Fault points

                The steps at which a process can be made to fail on purpose, in development only: `-Dassent.fault=` and a rule,
                `<point>:<action>[:<key>=<value>]…`. Actions: `halt`, `kill`, `throw`, `delay` (with `millis=`), `drop`,
                `duplicate`, and on the disk, at `log.` and `snapshot.`, also `fail` (an I/O error) and `full` (no space left); with
                `millis=` both last that long from their first strike on. Keys: `nth=`, `chance=` with `seed=`, `xid=`, `shard=`,
                `resource=`, `instance=`, and last `once=` and a file, so that of all processes that name it only the first one is
                struck. A step of the coordinator is of no resource and no instance, and some of no single transaction: a rule that asks
                for what its step does not know is refused.

                | side | point | what has happened by then |
                |---|---|---|
                """);
        for (FaultPoint point : FaultPoint.values()) {
            page.append("| ")
                    .append(point.side().name().toLowerCase(java.util.Locale.ROOT))
                    .append(" | `")
                    .append(point.label())
                    .append("` | ")
                    .append(point.meaning())
                    .append(" |\n");
        }
        page.append("""

                ## When a node's disk refuses

                A log that cannot be forced stops the node, whichever of its shards the log is of: the node says which and why, and ends
                with code 1; the others elect leaders for what it led. What it had not forced it has acknowledged to nobody. A snapshot
                that cannot be written stops nothing: the log grows meanwhile, and the node tries again every five seconds. A node that
                dies with a leader's snapshot in place starts from it. Nothing has to be repaired by hand: started again once the disk
                is well, a node catches up by itself; while the disk is not, it stops again.
                """);
        Path reference = Path.of("..", "docs", "reference", "fault-points.md");
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(reference, page);
        }
        assertThat(reference).hasContent(page.toString());
    }

    private static FaultPlan plan(String rule) {
        return new FaultPlan(List.of(FaultRule.parse(rule)));
    }

    private static List<Integer> strikes(FaultPlan plan, FaultPoint point, int visits) {
        return IntStream.rangeClosed(1, visits)
                .filter(visit -> plan.visit(point, FaultPlace.UNKNOWN).isPresent())
                .boxed()
                .toList();
    }
}
