package dev.assent.coordinator.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sources say, not parsed yet, each text with its place; later sources override earlier ones. */
final class RawConfig {
    /** A text and where it was written. */
    record Value(String text, Location where) {}

    /** An entry of the members: its texts by key, and where it begins. */
    record Entry(Map<String, Value> values, Location where) {}

    private final Map<String, Value> scalars = new LinkedHashMap<>();
    private final List<Entry> members = new ArrayList<>();
    private final List<Mistake> mistakes = new ArrayList<>();
    private Optional<Location> membersAt = Optional.empty();

    void put(String path, Value value) {
        scalars.put(path, value);
    }

    void putMembers(Location where, List<Entry> entries) {
        membersAt = Optional.of(where);
        members.clear();
        members.addAll(entries);
    }

    Optional<Value> find(String path) {
        return Optional.ofNullable(scalars.get(path));
    }

    List<Entry> members() {
        return List.copyOf(members);
    }

    /** Where the members stand; empty if no source names any. */
    Optional<Location> membersAt() {
        return membersAt;
    }

    void wrong(Location where, String key, String what, String allowed) {
        mistakes.add(new Mistake(where, key, what, allowed));
    }

    List<Mistake> mistakes() {
        return List.copyOf(mistakes);
    }
}
