package dev.assent.simulation;

import dev.assent.protocol.Vote;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a real core did with an input in a state that a script had brought it to.
 *
 * @param variant which of several inputs of this kind, or empty
 * @param after the state that followed
 * @param effects what the core wants done
 */
record Driven(Machine machine, Pair pair, String variant, String after, List<Object> effects) {
    Driven {
        effects = List.copyOf(effects);
    }

    String input() {
        return variant.isEmpty() ? pair.input() : pair.input() + " " + variant;
    }

    /** The state that followed and the effects, without names and times. */
    String outcome() {
        String does = effects.stream().map(Driven::shown).distinct().collect(Collectors.joining(", "));
        String next = after.equals(pair.state()) ? "" : "→ " + after;
        String and = next.isEmpty() || does.isEmpty() ? "" : ": ";
        return next.isEmpty() && does.isEmpty() ? "nothing" : next + and + does;
    }

    /** Whether an effect looks so. */
    boolean does(String shown) {
        return effects.stream().map(Driven::shown).anyMatch(shown::equals);
    }

    @Override
    public String toString() {
        return machine + " " + pair.state() + " × " + input() + " " + outcome();
    }

    /** The name of a record and of what it carries, as far as it says what is meant. */
    static String shown(Object effect) {
        List<String> words = new ArrayList<>();
        words.add(
                effect instanceof Effect.Send || effect instanceof Effect.Reply
                        ? effect.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)
                        : effect.getClass().getSimpleName());
        for (RecordComponent component : effect.getClass().getRecordComponents()) {
            Object value = valueOf(component, effect);
            if (value instanceof Optional<?> maybe) {
                value = maybe.isPresent() ? maybe.get() : "";
            }
            boolean isMeaning = value instanceof Answer
                    || value instanceof Command
                    || value instanceof Notice
                    || value instanceof Request
                    || value instanceof LogRecord
                    || value instanceof Vote;
            if (value instanceof Enum<?>) {
                words.add(value.toString());
            } else if (isMeaning) {
                words.add(shown(value));
            }
        }
        return String.join(" ", words);
    }

    private static Object valueOf(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException hidden) {
            throw new AssertionError(hidden);
        }
    }
}
