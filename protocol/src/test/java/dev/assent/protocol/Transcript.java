package dev.assent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a core was given and what it wanted done, one line each, in order: the expected output of a scenario.
 * {@code -Dtranscripts=update} rewrites the files, so that a change of the protocol is reviewed as a diff.
 */
public final class Transcript {
    private final String self;
    private final StringBuilder text = new StringBuilder();

    /** @param self the instance whose branches are written without it */
    public Transcript(String self) {
        this.self = self;
    }

    public void in(long nowNanos, Object input) {
        text.append("t=").append(TimeUnit.NANOSECONDS.toMillis(nowNanos)).append("ms in ");
        text.append(show(input)).append('\n');
    }

    public void out(Object effect) {
        text.append("   out ").append(show(effect)).append('\n');
    }

    /** Compares with the file of this name, or writes it. */
    public void mustEqual(String folder, String name) {
        mustEqual(text.toString(), folder, name);
    }

    /** Compares any text with an expected file. */
    public static void mustEqual(String text, String folder, String name) {
        Path file = Path.of("src/test/resources/transcripts", folder, name + ".txt");
        try {
            if ("update".equals(System.getProperty("transcripts"))) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, text);
            }
            assertThat(file)
                    .as("expected transcript; -Dtranscripts=update writes it")
                    .exists();
            assertThat(text).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value as people read it: records by name and components, times in milliseconds, identifiers short. */
    public String show(Object value) {
        if (value instanceof Xid xid) {
            return "x" + xid.shard() + "." + xid.term() + "." + xid.seq();
        } else if (value instanceof BranchId id) {
            String name = id.resource() + "#" + id.number();
            return id.instance().incarnation().equals(self)
                    ? name
                    : name + "@" + id.instance().incarnation().charAt(0);
        } else if (value instanceof ResourceName || value instanceof Enum<?> || value instanceof String) {
            return value.toString();
        } else if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? show(optional.get()) : "-";
        } else if (value instanceof List<?> list) {
            List<String> shown = new ArrayList<>();
            list.forEach(element -> shown.add(show(element)));
            return shown.toString();
        } else if (value instanceof Record record) {
            return showRecord(record);
        }
        return String.valueOf(value);
    }

    private String showRecord(Record record) {
        StringBuilder shown = new StringBuilder(record.getClass().getSimpleName());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                Object value = component.getAccessor().invoke(record);
                boolean isTime = component.getName().endsWith("Nanos");
                shown.append(' ').append(isTime ? TimeUnit.NANOSECONDS.toMillis((Long) value) + "ms" : show(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return shown.toString();
    }
}
