package dev.assent.coordinator.config;

import dev.assent.cli.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads the YAML file into a {@link RawConfig}. It walks the document's nodes instead of binding it, because nodes carry
 * their lines and binding stops at the first mistake.
 */
final class YamlSource {
    static final int MAX_CHARACTERS = 256 * 1024;
    private static final int MAX_DEPTH = 16;

    private final String name;
    private final RawConfig raw;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> sections = new LinkedHashSet<>();

    YamlSource(String name, RawConfig raw) {
        this.name = name;
        this.raw = raw;
        Keys.SCALARS.forEach(key -> known.add(key.path()));
        known.add(Keys.MEMBERS);
        known.stream()
                .filter(path -> path.contains("."))
                .forEach(path -> sections.add(path.substring(0, path.indexOf('.'))));
    }

    /**
     * Reads what it can.
     *
     * @return false if the text is no YAML: what is missing from it says nothing then
     */
    boolean read(String text) {
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(name)
                    .setCodePointLimit(MAX_CHARACTERS)
                    // Else they are refused without a line; eachKey() does it with one.
                    .setAllowNonScalarKeys(true)
                    .build();
            Optional<Location> tooDeep = tooDeep(new Parse(settings).parseString(text));
            if (tooDeep.isPresent()) {
                raw.wrong(tooDeep.get(), "", "nested too deeply", "sections with settings in them");
                return false;
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent() && !isNull(root.get())) {
                readSection(root.get(), "");
            }
            return true;
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            raw.wrong(at(mark), "", "not YAML: " + e.getProblem(), "");
        } catch (YamlEngineException e) {
            raw.wrong(new Location(name, 0), "", "not YAML: " + e.getMessage(), "");
        }
        return false;
    }

    /** Composing recurses into the document; a file of brackets would end in a stack overflow. */
    private Optional<Location> tooDeep(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                return Optional.of(at(event.getStartMark()));
            }
            if (event instanceof CollectionEndEvent) {
                depth--;
            }
        }
        return Optional.empty();
    }

    private void readSection(Node node, String prefix) {
        eachKey(node, prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1), (key, value) -> {
            String path = prefix + key.getValue();
            if (path.equals(Keys.MEMBERS)) {
                readMembers(value);
            } else if (known.contains(path)) {
                scalar(path, value).ifPresent(found -> raw.put(path, found));
            } else if (!sections.contains(path)) {
                raw.wrong(at(key), path, "unknown setting" + hint(path), "");
            } else if (!isNull(value)) {
                readSection(value, path + ".");
            }
        });
    }

    private void readMembers(Node node) {
        if (!(node instanceof SequenceNode sequence)) {
            raw.wrong(at(node), Keys.MEMBERS, "not a list", Keys.MEMBERS_ALLOWED);
            return;
        }
        List<RawConfig.Entry> entries = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            Map<String, RawConfig.Value> values = new LinkedHashMap<>();
            String path = Keys.MEMBERS + "[" + entries.size() + "]";
            eachKey(element, path, (key, value) -> {
                List<String> names = Keys.MEMBER.stream().map(Key::path).toList();
                if (names.contains(key.getValue())) {
                    scalar(path + "." + key.getValue(), value).ifPresent(found -> values.put(key.getValue(), found));
                } else {
                    String meant = Nearest.to(key.getValue(), names)
                            .map(near -> "; did you mean '" + near + "'?")
                            .orElse("");
                    raw.wrong(
                            at(key), path + "." + key.getValue(), "unknown setting" + meant, String.join(", ", names));
                }
            });
            entries.add(new RawConfig.Entry(values, at(element)));
        }
        raw.putMembers(at(node), entries);
    }

    private void eachKey(Node node, String path, BiConsumer<ScalarNode, Node> visitor) {
        if (!(node instanceof MappingNode mapping)) {
            raw.wrong(at(node), path, "not a section", "settings as 'key: value', one a line");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                raw.wrong(at(tuple.getKeyNode()), path, "a key that is not a word", "settings as 'key: value'");
            } else if (!seen.add(key.getValue())) {
                raw.wrong(at(key), path.isEmpty() ? key.getValue() : path + "." + key.getValue(), "set twice", "once");
            } else {
                visitor.accept(key, tuple.getValueNode());
            }
        }
    }

    private Optional<RawConfig.Value> scalar(String path, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            raw.wrong(at(node), path, "not a single value", "one value");
            return Optional.empty();
        }
        if (isNull(node)) {
            raw.wrong(at(node), path, "no value", "a value, or leave the line out");
            return Optional.empty();
        }
        return Optional.of(new RawConfig.Value(scalar.getValue(), at(node)));
    }

    private String hint(String path) {
        String leaf = path.substring(path.lastIndexOf('.') + 1);
        Optional<String> elsewhere = known.stream()
                .filter(candidate -> candidate.endsWith("." + leaf))
                .findFirst();
        Set<String> candidates = new LinkedHashSet<>(known);
        candidates.addAll(sections);
        return elsewhere
                .or(() -> Nearest.to(path, candidates))
                .map(meant -> "; did you mean '" + meant + "'?")
                .orElse("");
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private Location at(Node node) {
        return at(node.getStartMark());
    }

    private Location at(Optional<Mark> mark) {
        return new Location(name, mark.map(found -> found.getLine() + 1).orElse(0));
    }
}
