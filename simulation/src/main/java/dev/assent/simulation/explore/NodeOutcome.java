package dev.assent.simulation.explore;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;

/**
 * What a step of a node led to.
 *
 * @param next the number of its state afterwards
 * @param hasStood of {@link NodeStep.Apply}: whether the record stood
 * @param appends in order
 * @param sends numbers of messages
 * @param told what the initiator was told, of {@link Told}
 * @param readyTerm the term in which it is ready now, or 0 if that is no news
 * @param stepsDown whether it gives the leadership up
 * @param alarm what it must never do, or empty
 */
record NodeOutcome(
        int next,
        boolean hasStood,
        List<LogRecord> appends,
        int[] sends,
        int told,
        int readyTerm,
        boolean stepsDown,
        String alarm) {}
