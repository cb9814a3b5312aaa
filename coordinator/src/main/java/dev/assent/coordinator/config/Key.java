package dev.assent.coordinator.config;

import java.util.Locale;

/**
 * One setting.
 *
 * @param path where it stands in the file, such as {@code node.client-port}
 * @param kind what is allowed
 * @param need whether it may be left out
 * @param standard what holds if it is left out: the value's text, or for {@link Need#DERIVED} a description
 * @param meaning one sentence for the reference
 */
record Key<T>(String path, Kind<T> kind, Need need, String standard, String meaning) {
    /** Whether a setting may be left out. */
    enum Need {
        REQUIRED,
        DEFAULT,
        DERIVED
    }

    static <T> Key<T> required(String path, Kind<T> kind, String meaning) {
        return new Key<>(path, kind, Need.REQUIRED, "required", meaning);
    }

    static <T> Key<T> standard(String path, Kind<T> kind, String standard, String meaning) {
        return new Key<>(path, kind, Need.DEFAULT, standard, meaning);
    }

    static <T> Key<T> derived(String path, Kind<T> kind, String description, String meaning) {
        return new Key<>(path, kind, Need.DERIVED, description, meaning);
    }

    /** The environment variable that overrides it. */
    String variable() {
        return variable(path);
    }

    static String variable(String path) {
        return "ASSENT_" + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
