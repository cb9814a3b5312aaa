package dev.assent.simulation;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is run: a seed, and what is left out of the world that it draws. Leaving out is how a failing world becomes small.
 *
 * @param seed draws everything
 * @param transactions how many there are
 * @param leftOut transactions that are not begun, by number
 * @param kindsOff kinds of faults that do not strike
 * @param rulesOff rules of fault points that do not strike, by number
 * @param faultsOff single faults and strikes that do not happen, by the bits that drew them
 */
public record Plan(
        long seed,
        int transactions,
        Set<Integer> leftOut,
        Set<FaultKind> kindsOff,
        Set<Integer> rulesOff,
        Set<Long> faultsOff) {
    public Plan {
        leftOut = Set.copyOf(leftOut);
        kindsOff = Set.copyOf(kindsOff);
        rulesOff = Set.copyOf(rulesOff);
        faultsOff = Set.copyOf(faultsOff);
        if (transactions < 1) {
            throw new IllegalArgumentException("a world needs a transaction, not " + transactions);
        }
    }

    public static Plan of(long seed, int transactions) {
        return new Plan(seed, transactions, Set.of(), Set.of(), Set.of(), Set.of());
    }

    /** The same without these transactions, too. */
    public Plan without(Collection<Integer> numbers) {
        return new Plan(seed, transactions, union(leftOut, numbers), kindsOff, rulesOff, faultsOff);
    }

    Plan withoutKinds(Collection<FaultKind> kinds) {
        return new Plan(seed, transactions, leftOut, union(kindsOff, kinds), rulesOff, faultsOff);
    }

    Plan withoutRules(Collection<Integer> numbers) {
        return new Plan(seed, transactions, leftOut, kindsOff, union(rulesOff, numbers), faultsOff);
    }

    Plan withoutFaults(Collection<Long> bits) {
        return new Plan(seed, transactions, leftOut, kindsOff, rulesOff, union(faultsOff, bits));
    }

    private static <T> Set<T> union(Set<T> some, Collection<T> more) {
        Set<T> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return all;
    }
}
