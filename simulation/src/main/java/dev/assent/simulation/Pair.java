package dev.assent.simulation;

/**
 * An input that meets a state.
 *
 * @param state of a {@link Machine}
 * @param input what reaches it
 */
public record Pair(String state, String input) {
    @Override
    public String toString() {
        return state + " × " + input;
    }
}
