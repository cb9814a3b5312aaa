package dev.assent.protocol.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one input did to one transaction.
 *
 * @param next its state afterwards; empty: it is over
 * @param effects in order
 */
record Step(Optional<Transaction> next, List<Effect> effects) {
    static Step to(Transaction next, List<Effect> effects) {
        return new Step(Optional.of(next), effects);
    }

    static Step to(Transaction next, Effect... effects) {
        return new Step(Optional.of(next), List.of(effects));
    }

    static Step over(List<Effect> effects) {
        return new Step(Optional.empty(), effects);
    }

    /** The same step with other effects before its own. */
    Step after(List<Effect> earlier) {
        List<Effect> all = new ArrayList<>(earlier);
        all.addAll(effects);
        return new Step(next, all);
    }
}
