package dev.assent.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every state of the cores meets every input, or there is a reason why it cannot. Scripts give each pair to a real core,
 * whatever the simulator's seeds bring about; a new state or input without a script or a reason fails, and so does a
 * reason for what somebody has seen. The outcome of each pair is in the reference page.
 */
class EveryPairTest {
    private static final int SEEDS = 40;
    private static final Path PAGE = Path.of("..", "docs", "reference", "core-states.md");

    private static List<Driven> driven = List.of();
    private static Visited scripted = Visited.NONE;

    @BeforeAll
    static void drive() {
        Coverage coverage = new Coverage(true);
        List<Driven> all = new ArrayList<>();
        all.addAll(new ShardDrives(coverage).all());
        TransactionDrives transactions = new TransactionDrives(coverage);
        all.addAll(transactions.all());
        transactions.tryTheImpossible();
        all.addAll(new BranchDrives(coverage).all());
        all.addAll(new InitiatorDrives(coverage).all());
        driven = List.copyOf(all);
        scripted = coverage.visited();
    }

    // ---- the list ----

    @Test
    void everyPairIsVisitedOrImpossible() {
        for (Machine machine : Machine.values()) {
            assertThat(scripted.never(machine))
                    .as("%s: neither visited nor impossible", machine)
                    .isEmpty();
        }
    }

    @Test
    void noScriptDoesTheImpossible() {
        for (Machine machine : Machine.values()) {
            holdsOf(machine, scripted);
        }
    }

    // Without it: a reason is believed because the scripts believe it, too.
    @Test
    void seedsDoNotDoTheImpossible() {
        Visited visited = Visited.NONE;
        for (long seed = 1; seed <= SEEDS; seed++) {
            RunResult run = Simulation.run(Plan.of(seed, 50), Simulation.Watch.COVERAGE);
            visited = visited.and(run.visited());
        }
        int reached = 0;
        for (Machine machine : Machine.values()) {
            holdsOf(machine, visited);
            reached += visited.of(machine).size();
        }
        assertThat(reached).as("pairs that the simulator reaches").isGreaterThan(250);
    }

    private static void holdsOf(Machine machine, Visited visited) {
        assertThat(visited.contradicted(machine))
                .as("%s: visited, so not impossible", machine)
                .isEmpty();
        assertThat(machine.pairs())
                .as("%s: states and inputs that exist", machine)
                .containsAll(visited.of(machine).keySet());
    }

    // ---- what the specification says of them ----

    @Test
    void shardThatIsNotReadyAnswersNobody() {
        nothingElse(
                it -> it.machine() == Machine.SHARD && !it.pair().state().equals("READY"),
                shown -> shown.endsWith(" NOT_LEADER")
                        || Set.of("Append LeaderStarted", "AnnounceReady", "StepDown")
                                .contains(shown));
    }

    // Without it: a transaction is called aborted whose decision is in the log already.
    @Test
    void nothingButTheRecordLeadsOutOfDeciding() {
        for (Driven it : in(Machine.TRANSACTION, "DECIDING")) {
            String next = it.pair().input().equals("CommitDecided") ? "COMMITTING" : "DECIDING";
            assertThat(it.after()).as(it.toString()).isEqualTo(next);
        }
        nothingOf(Set.of("DECIDING"), Set.of("reply Aborted", "reply Committed", "send AbortBranch"));
    }

    @Test
    void committedTransactionNeverAborts() {
        Set<String> states = Set.of("COMMITTING", "ENDING", "COMMITTED");
        nothingOf(
                states,
                Set.of("reply Aborted", "send AbortBranch", "send BranchAnswer ABORT", "send EnlistRefused ABORTED"));
        staysIn(states);
    }

    @Test
    void abortedTransactionNeverCommits() {
        Set<String> states = Set.of("ABORTING", "ABORTED");
        nothingOf(
                states,
                Set.of("reply Committed", "send CommitBranch", "send BranchAnswer COMMIT", "Append CommitDecided"));
        staysIn(states);
    }

    // Without it: what nobody remembers is called aborted, and a branch in doubt rolls back what others committed.
    @Test
    void forgottenOutcomeIsNotGuessed() {
        nothingOf(
                Set.of("EXPIRED", "ELSEWHERE"),
                Set.of("reply Aborted", "reply Committed", "send BranchAnswer ABORT", "send BranchAnswer COMMIT"));
        staysIn(Set.of("EXPIRED"));
    }

    @Test
    void branchCommitsOnlyWhatIsPrepared() {
        Set<String> unvoted = Set.of("Active", "AwaitingCalls", "WritingEvidence", "Preparing", "RollingBack");
        for (Driven it : driven) {
            if (it.machine() == Machine.BRANCH && unvoted.contains(it.pair().state())) {
                assertThat(it.does("CommitPrepared")).as(it.toString()).isFalse();
            }
        }
    }

    @Test
    void branchInDoubtGoesByTheCoordinatorsWordOnly() {
        for (Driven it : in(Machine.BRANCH, "InDoubt")) {
            String expected = switch (it.input()) {
                case "CommitBranch", "BranchAnswer COMMIT" -> "Committing";
                case "AbortBranch", "BranchAnswer ABORT" -> "RollingBackPrepared";
                default -> "InDoubt";
            };
            assertThat(it.after()).as(it.toString()).isEqualTo(expected);
        }
    }

    @Test
    void branchThatCommitsOrRollsBackIsNotTurnedRound() {
        for (Driven it : in(Machine.BRANCH, "Committing")) {
            assertThat(it.does("RollBackPrepared")).as(it.toString()).isFalse();
        }
        for (Driven it : in(Machine.BRANCH, "RollingBackPrepared")) {
            assertThat(it.does("CommitPrepared")).as(it.toString()).isFalse();
        }
    }

    @Test
    void initiatorsFirstAnswerIsForEver() {
        for (Driven it : in(Machine.BEGUN, "SETTLED")) {
            assertThat(it.after()).as(it.toString()).isEqualTo("SETTLED");
        }
        nothingElse(
                it -> it.machine() == Machine.BEGUN && it.pair().state().equals("SETTLED"),
                shown -> shown.equals("Settled Committed"));
    }

    private static List<Driven> in(Machine machine, String state) {
        return driven.stream()
                .filter(it -> it.machine() == machine && it.pair().state().equals(state))
                .toList();
    }

    private static void nothingOf(Set<String> states, Set<String> shown) {
        nothingElse(
                it -> it.machine() == Machine.TRANSACTION
                        && states.contains(it.pair().state()),
                effect -> !shown.contains(effect));
    }

    private static void nothingElse(Predicate<Driven> of, Predicate<String> allowed) {
        Stream<Driven> those = driven.stream().filter(of);
        assertThat(those)
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.effects())
                        .extracting(Driven::shown)
                        .as(it.toString())
                        .allMatch(allowed));
    }

    private static void staysIn(Set<String> states) {
        for (String state : states) {
            for (Driven it : in(Machine.TRANSACTION, state)) {
                assertThat(states).as(it.toString()).contains(it.after());
            }
        }
    }

    // ---- the page ----

    /** {@code -Dreference.write=true} writes it. */
    @Test
    void theReferenceSaysWhatHappens() throws IOException {
        String page = new PairPage(driven).text();
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }
}
