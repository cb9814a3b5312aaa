package dev.assent.protocol.coordinator;

import dev.assent.protocol.coordinator.Transaction.Aborting;
import dev.assent.protocol.coordinator.Transaction.Active;
import dev.assent.protocol.coordinator.Transaction.Committing;
import dev.assent.protocol.coordinator.Transaction.Deciding;
import dev.assent.protocol.coordinator.Transaction.Ending;
import dev.assent.protocol.coordinator.Transaction.Preparing;

/** The step function of the coordinator's two-phase commit with presumed abort: one state, one input, what follows. */
final class TwoPhaseCommit {
    private TwoPhaseCommit() {}

    static Step step(Transaction tx, TransactionInput input, Surroundings around) {
        if (tx instanceof Active active) {
            return Voting.whileActive(active, input, around);
        } else if (tx instanceof Preparing preparing) {
            return Voting.whilePreparing(preparing, input, around);
        } else if (tx instanceof Deciding deciding) {
            return Voting.whileDeciding(deciding, input, around);
        } else if (tx instanceof Committing committing) {
            return PhaseTwo.whileCommitting(committing, input, around);
        } else if (tx instanceof Ending ending) {
            return PhaseTwo.whileEnding(ending, input, around);
        } else if (tx instanceof Aborting aborting) {
            return Aborts.whileAborting(aborting, input, around);
        }
        throw new AssertionError("unknown state " + tx);
    }
}
