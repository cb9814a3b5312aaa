package dev.assent.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes a failing world small: leaves out whole kinds of faults, then transactions, then single faults, as long as the same
 * law is broken (delta debugging, Zeller and Hildebrandt, 2002). Draws do not depend on what is left out, or little would
 * go.
 */
public final class Shrinker {
    private final String law;
    private final long deadlineNanos;
    private RunResult smallest;

    private Shrinker(RunResult failing, long seconds) {
        this.law = failing.violation().orElseThrow().law();
        this.deadlineNanos = System.nanoTime() + seconds * 1_000_000_000;
        this.smallest = failing;
    }

    /**
     * The smallest world found in that time that breaks the same law.
     *
     * @param failing a world that does not hold
     */
    public static RunResult shrink(RunResult failing, long seconds) {
        Shrinker shrinker = new Shrinker(failing, seconds);
        boolean isSmaller = true;
        while (isSmaller && shrinker.hasTime()) {
            isSmaller = shrinker.withoutKinds();
            isSmaller |= shrinker.withoutTransactions();
            isSmaller |= shrinker.withoutFaults();
        }
        return shrinker.smallest;
    }

    private boolean hasTime() {
        return System.nanoTime() < deadlineNanos;
    }

    private boolean fails(Plan plan) {
        RunResult result = Simulation.run(plan);
        boolean isSame =
                result.violation().filter(breach -> breach.law().equals(law)).isPresent();
        if (isSame) {
            smallest = result;
        }
        return isSame;
    }

    private boolean withoutKinds() {
        List<FaultKind> kinds = new ArrayList<>(EnumSet.allOf(FaultKind.class));
        kinds.removeAll(smallest.plan().kindsOff());
        return without(kinds, off -> {
            Plan plan = smallest.plan();
            return new Plan(
                    plan.seed(), plan.transactions(), plan.leftOut(), union(plan.kindsOff(), off), plan.faultsOff());
        });
    }

    private boolean withoutTransactions() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < smallest.plan().transactions(); i++) {
            if (!smallest.plan().leftOut().contains(i)) {
                numbers.add(i);
            }
        }
        return without(numbers, off -> {
            Plan plan = smallest.plan();
            return new Plan(
                    plan.seed(), plan.transactions(), union(plan.leftOut(), off), plan.kindsOff(), plan.faultsOff());
        });
    }

    private boolean withoutFaults() {
        return without(new ArrayList<>(new LinkedHashSet<>(smallest.struck())), off -> {
            Plan plan = smallest.plan();
            return new Plan(
                    plan.seed(), plan.transactions(), plan.leftOut(), plan.kindsOff(), union(plan.faultsOff(), off));
        });
    }

    /** Tries to leave out halves, then quarters, down to single ones. */
    private <T> boolean without(List<T> all, Function<List<T>, Plan> leaveOut) {
        List<T> left = new ArrayList<>(all);
        boolean isSmaller = false;
        int size = Math.max(1, left.size() / 2);
        while (!left.isEmpty() && hasTime()) {
            for (int from = 0; from < left.size() && hasTime(); ) {
                List<T> part = left.subList(from, Math.min(left.size(), from + size));
                if (fails(leaveOut.apply(List.copyOf(part)))) {
                    part.clear();
                    isSmaller = true;
                } else {
                    from += size;
                }
            }
            if (size == 1) {
                break;
            }
            size = Math.max(1, size / 2);
        }
        return isSmaller;
    }

    private static <T> Set<T> union(Set<T> some, List<T> more) {
        Set<T> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return all;
    }
}
