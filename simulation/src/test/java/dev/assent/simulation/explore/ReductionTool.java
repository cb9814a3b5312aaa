package dev.assent.simulation.explore;

import java.util.EnumSet;
import java.util.function.UnaryOperator;

/** Says what a walk finds with everything left out that may be, if that is not what it finds otherwise. */
public final class ReductionTool implements UnaryOperator<String> {
    @Override
    public String apply(String bounds) {
        String reduced = Findings.of(bounds, Reduction.all()).toString();
        String whole = Findings.of(bounds, EnumSet.noneOf(Reduction.class)).toString();
        if (whole.equals(reduced)) {
            return whole.contains("violations []") ? "no violation" : "";
        }
        return "whole: " + whole + "\nreduced: " + reduced;
    }
}
