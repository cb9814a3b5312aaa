package dev.assent.simulation;

import java.util.Set;

/**
 * What is run: a seed, and what is left out of the world that it draws. Leaving out is how a failing world becomes small.
 *
 * @param seed draws everything
 * @param transactions how many there are
 * @param leftOut transactions that are not begun, by number
 * @param kindsOff kinds of faults that do not strike
 * @param faultsOff single faults that do not strike, by the bits that drew them
 */
public record Plan(long seed, int transactions, Set<Integer> leftOut, Set<FaultKind> kindsOff, Set<Long> faultsOff) {
    public Plan {
        leftOut = Set.copyOf(leftOut);
        kindsOff = Set.copyOf(kindsOff);
        faultsOff = Set.copyOf(faultsOff);
        if (transactions < 1) {
            throw new IllegalArgumentException("a world needs a transaction, not " + transactions);
        }
    }

    public static Plan of(long seed, int transactions) {
        return new Plan(seed, transactions, Set.of(), Set.of(), Set.of());
    }
}
