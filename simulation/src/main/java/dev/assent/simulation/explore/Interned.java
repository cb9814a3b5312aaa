package dev.assent.simulation.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by number, one for each canonical text, with a hash for each way to exchange the slots. Not thread-safe.
 *
 * @param <T> what is numbered
 */
final class Interned<T> {
    private final Slots slots;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();
    private final List<long[]> hashes = new ArrayList<>();

    Interned(Slots slots) {
        this.slots = slots;
    }

    /** The number of the value with this canonical text; the first one of it is kept. */
    int number(String canonical, T value) {
        @Nullable Integer known = numbers.get(canonical);
        if (known != null) {
            return known;
        }
        numbers.put(canonical, values.size());
        values.add(value);
        long[] all = new long[slots.orders()];
        for (int order = 0; order < all.length; order++) {
            String renamed = order == 0 ? canonical : Names.renamed(canonical, slots.order(order));
            all[order] = Canonical.hash(Canonical.sorted(renamed));
        }
        hashes.add(all);
        return values.size() - 1;
    }

    T value(int number) {
        return values.get(number);
    }

    /** The hash of the value's text after the slots were put into this order. */
    long hash(int number, int order) {
        return hashes.get(number)[order];
    }

    int size() {
        return values.size();
    }
}
