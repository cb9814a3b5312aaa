package dev.assent.cli;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody probably meant, by Levenshtein's distance (1966). Stateless. */
public final class Nearest {
    private Nearest() {}

    /**
     * The candidate closest to the word, if it is close enough to be a slip of the fingers: at most a third of the
     * word's letters (and never fewer than two) may differ. Of equally close ones the first in the collection's order.
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        int allowed = Math.max(2, word.length() / 3);
        String best = null;
        int bestDistance = allowed + 1;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
