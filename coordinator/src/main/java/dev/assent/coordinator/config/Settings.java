package dev.assent.coordinator.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Values that were read and found good, by key; a default stands for what is left out. */
final class Settings {
    private final Map<Key<?>, Object> values = new HashMap<>();

    static Settings defaults() {
        return new Settings();
    }

    <T> void put(Key<T> key, T value) {
        values.put(key, value);
    }

    /**
     * The value, or the key's default.
     *
     * @throws IllegalStateException if there is neither; the loader has reported that before
     */
    <T> T get(Key<T> key) {
        return find(key).orElseThrow(() -> new IllegalStateException(key.path() + " is missing"));
    }

    /** The value or the default, if there is one. */
    @SuppressWarnings("unchecked") // put() lets only a key's own type in
    <T> Optional<T> find(Key<T> key) {
        Object value = values.get(key);
        if (value != null) {
            return Optional.of((T) value);
        }
        return key.need() == Key.Need.DEFAULT ? Optional.of(key.kind().parse(key.standard())) : Optional.empty();
    }
}
