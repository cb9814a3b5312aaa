package dev.assent.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes a failing world small: leaves out rules of fault points, whole kinds of faults, transactions, then single faults
 * and strikes, as long as the same law is broken (delta debugging, Zeller and Hildebrandt, 2002). Draws do not depend on what is left out, or little would
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
            isSmaller = shrinker.withoutRules();
            isSmaller |= shrinker.withoutKinds();
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

    private boolean withoutRules() {
        return without(
                numbersBelow(smallest.rules(), smallest.plan().rulesOff()),
                off -> smallest.plan().withoutRules(off));
    }

    private boolean withoutKinds() {
        List<FaultKind> kinds = new ArrayList<>(EnumSet.allOf(FaultKind.class));
        kinds.removeAll(smallest.plan().kindsOff());
        return without(kinds, off -> smallest.plan().withoutKinds(off));
    }

    private boolean withoutTransactions() {
        return without(
                numbersBelow(smallest.plan().transactions(), smallest.plan().leftOut()),
                off -> smallest.plan().without(off));
    }

    private boolean withoutFaults() {
        return without(
                new ArrayList<>(new LinkedHashSet<>(smallest.struck())),
                off -> smallest.plan().withoutFaults(off));
    }

    private static List<Integer> numbersBelow(int count, Set<Integer> except) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!except.contains(i)) {
                numbers.add(i);
            }
        }
        return numbers;
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
}
