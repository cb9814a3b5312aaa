package dev.assent.coordinator.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration has mistakes; all of them are told. */
public final class InvalidConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    InvalidConfigException(List<Mistake> mistakes) {
        super(mistakes.stream().map(Mistake::toString).collect(Collectors.joining("\n")));
        this.mistakes = mistakes.stream()
                .sorted(Comparator.comparing(
                                (Mistake mistake) -> mistake.where().line() == 0)
                        .thenComparing(mistake -> mistake.where().line()))
                .toList();
    }

    /**
     * One line for each mistake, in the order of the file, with its place, the key, what is wrong and what is allowed.
     */
    public List<String> mistakes() {
        return mistakes.stream().map(Mistake::toString).toList();
    }
}
