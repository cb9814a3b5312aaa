package dev.assent.it;

import java.util.Set;
import java.util.TreeSet;

/** What the database of a {@link ParticipantProcess} holds; asked of the database, beside the SDK. */
record ProcessBooks(ArmedProcess process) implements Books {
    @Override
    public Set<String> entries() {
        return asked("entries");
    }

    @Override
    public Set<String> inDoubt() {
        return asked("in-doubt");
    }

    @Override
    public Set<String> evidence() {
        return asked("evidence");
    }

    @Override
    public int connectionsInUse() {
        return Integer.parseInt(process.say("in-use"));
    }

    private Set<String> asked(String what) {
        String answer = process.say(what);
        return answer.isEmpty() ? Set.of() : new TreeSet<>(Set.of(answer.split(" ")));
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
