package dev.assent.protocol.branch;

import static dev.assent.protocol.branch.BranchScenario.DB;
import static dev.assent.protocol.branch.BranchScenario.OWN;
import static dev.assent.protocol.branch.BranchScenario.OWN_REF;
import static dev.assent.protocol.branch.BranchScenario.XID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.branch.BranchInput.PreparedListed;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of branches that only an operator can settle. */
class StuckBranchTest {
    private final BranchScenario scenario = BranchScenario.withRecovery();

    // Without it: a branch that an operator has settled at its database's console is asked about, and alarms, until its
    // process is started anew.
    @Test
    void branchThatAnOperatorSettledIsForgotten() {
        scenario.until(0)
                .prepared()
                .told(new Command.BranchAnswer(XID, OWN, Verdict.EXPIRED))
                .in(new PreparedListed(DB, List.of(OWN_REF)));
        assertThat(scenario.unresolved()).hasSize(1);
        scenario.in(new PreparedListed(DB, List.of()));
        assertThat(scenario.unresolved()).isEmpty();
    }

    // Without it: a listing that is older than the branch loses it.
    @Test
    void branchThatIsListedAgainIsAskedAboutAgain() {
        scenario.until(0)
                .prepared()
                .told(new Command.BranchAnswer(XID, OWN, Verdict.EXPIRED))
                .in(new PreparedListed(DB, List.of()))
                .in(new PreparedListed(DB, List.of(OWN_REF)));
        assertThat(scenario.unresolved()).hasSize(1);
    }

    // Without it: a listing that was begun before the branch was prepared makes it end unasked.
    @Test
    void branchThatHasOnlyJustVotedIsKeptWhateverIsListed() {
        scenario.until(0).prepared().in(new PreparedListed(DB, List.of()));
        assertThat(scenario.unresolved()).hasSize(1);
    }
}
