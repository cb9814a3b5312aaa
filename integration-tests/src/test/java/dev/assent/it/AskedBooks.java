package dev.assent.it;

import java.util.Set;
import java.util.TreeSet;

/** Books of a database that is open in another process, which is asked. */
interface AskedBooks extends Books {
    /** The other process's answer: words with blanks between them. */
    String ask(String what);

    @Override
    default Set<String> entries() {
        return words("entries");
    }

    @Override
    default Set<String> inDoubt() {
        return words("in-doubt");
    }

    @Override
    default Set<String> evidence() {
        return words("evidence");
    }

    @Override
    default int connectionsInUse() {
        // The one that answers is not in use while it counts.
        return Integer.parseInt(ask("in-use"));
    }

    private Set<String> words(String what) {
        String answer = ask(what);
        return answer.isEmpty() ? Set.of() : new TreeSet<>(Set.of(answer.split(" ")));
    }
}
