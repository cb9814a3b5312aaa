package dev.assent.simulation.explore;

import java.util.function.UnaryOperator;

/** The explorer as a seeker of planted bugs: given bounds, it says what it found and how long the way to it is. */
public final class ExplorerTool implements UnaryOperator<String> {
    /** By the clock on the wall, however many others compute on this machine. */
    private static final double PATIENCE_SECONDS = 300;

    @Override
    public String apply(String bounds) {
        Exploration found = new Explorer(Bounds.parse(bounds)).walk(20_000_000, PATIENCE_SECONDS, states -> {});
        return found.holds() ? "" : found.violation() + " (" + (found.trace().size() - 1) + " lines)";
    }
}
