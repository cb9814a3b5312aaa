package dev.assent.coordinator.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads a node's configuration: the file, then the environment, then all checks; reports every mistake at once. */
public final class NodeConfigLoader {
    private final Path file;
    private final RawConfig raw = new RawConfig();
    private final Settings settings = new Settings();
    private final List<Mistake> mistakes = new ArrayList<>();

    private NodeConfigLoader(Path file) {
        this.file = file;
    }

    /**
     * Loads and checks.
     *
     * @param file YAML; a relative data directory in it is relative to its folder
     * @param environment usually {@link System#getenv()}; variables that begin with {@code ASSENT_} override the file
     * @throws InvalidConfigException with every mistake, if there is one
     */
    public static NodeConfig load(Path file, Map<String, String> environment) throws InvalidConfigException {
        return new NodeConfigLoader(file).load(environment);
    }

    private NodeConfig load(Map<String, String> environment) throws InvalidConfigException {
        if (!new YamlSource(file.toString(), raw).read(text())) {
            throw new InvalidConfigException(raw.mistakes());
        }
        new EnvironmentSource(raw).read(environment);
        mistakes.addAll(raw.mistakes());
        Keys.SCALARS.forEach(key -> parse(key, key.path(), raw.find(key.path()), whole(), settings));
        List<Member> members = members();
        mistakes.addAll(new Relations(raw, settings, whole()).check(members));
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigException(mistakes);
        }
        return build(members);
    }

    private String text() throws InvalidConfigException {
        String what;
        try {
            if (Files.size(file) <= YamlSource.MAX_CHARACTERS) {
                return Files.readString(file);
            }
            what = "larger than " + YamlSource.MAX_CHARACTERS + " bytes";
        } catch (NoSuchFileException e) {
            what = "there is no such file";
        } catch (AccessDeniedException e) {
            what = "may not be read by this user";
        } catch (MalformedInputException e) {
            what = "not UTF-8";
        } catch (IOException e) {
            what = "cannot be read: " + e.getMessage();
        }
        throw new InvalidConfigException(List.of(new Mistake(whole(), "", what, "a YAML file in UTF-8")));
    }

    private List<Member> members() {
        if (raw.membersAt().isEmpty()) {
            boolean reported =
                    mistakes.stream().anyMatch(mistake -> mistake.key().startsWith(Keys.MEMBERS));
            if (!reported) {
                mistakes.add(new Mistake(whole(), Keys.MEMBERS, "missing", Keys.MEMBERS_ALLOWED));
            }
            return List.of();
        }
        List<Member> members = new ArrayList<>();
        List<RawConfig.Entry> entries = raw.members();
        for (int i = 0; i < entries.size(); i++) {
            member(entries.get(i), Keys.MEMBERS + "[" + i + "].").ifPresent(members::add);
        }
        if (entries.isEmpty() || entries.size() > ClusterSettings.MAX_MEMBERS) {
            mistakes.add(new Mistake(
                    raw.membersAt().get(), Keys.MEMBERS, entries.size() + " entries", Keys.MEMBERS_ALLOWED));
        }
        return members.size() == entries.size() ? members : List.of();
    }

    private Optional<Member> member(RawConfig.Entry entry, String prefix) {
        Settings values = new Settings();
        for (Key<?> key : Keys.MEMBER) {
            String path = prefix + key.path();
            parse(key, path, Optional.ofNullable(entry.values().get(key.path())), entry.where(), values);
        }
        if (!Keys.MEMBER.stream().allMatch(key -> values.find(key).isPresent())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Member(
                    values.get(Keys.MEMBER_ID),
                    values.get(Keys.MEMBER_HOST),
                    values.get(Keys.MEMBER_CLIENT_PORT),
                    values.get(Keys.MEMBER_RAFT_PORT)));
        } catch (IllegalArgumentException e) {
            mistakes.add(
                    new Mistake(entry.where(), prefix + "raft-port", String.valueOf(e.getMessage()), "another port"));
            return Optional.empty();
        }
    }

    private <T> void parse(Key<T> key, String path, Optional<RawConfig.Value> found, Location owner, Settings into) {
        if (found.isEmpty()) {
            // A value that is there and of the wrong shape has been reported by whoever read it.
            boolean reported =
                    mistakes.stream().anyMatch(mistake -> mistake.key().equals(path));
            if (key.need() == Key.Need.REQUIRED && !reported) {
                mistakes.add(new Mistake(owner, path, "missing", key.kind().allowed()));
            }
            return;
        }
        try {
            into.put(key, key.kind().parse(found.get().text()));
        } catch (IllegalArgumentException e) {
            String what = "'" + found.get().text() + "' is wrong: " + e.getMessage();
            mistakes.add(new Mistake(found.get().where(), path, what, key.kind().allowed()));
        }
    }

    private NodeConfig build(List<Member> members) {
        ClusterSettings cluster = new ClusterSettings(
                settings.get(Keys.CLUSTER_NAME), settings.get(Keys.SHARDS), members, settings.get(Keys.DEVELOPMENT));
        Member self = cluster.member(settings.get(Keys.NODE_ID)).orElseThrow();
        NodeSettings node = new NodeSettings(
                self.id(),
                settings.get(Keys.LISTEN_HOST),
                settings.find(Keys.CLIENT_PORT).orElse(self.clientPort()),
                settings.find(Keys.RAFT_PORT).orElse(self.raftPort()),
                file.toAbsolutePath()
                        .resolveSibling(settings.get(Keys.DATA_DIRECTORY))
                        .normalize());
        return new NodeConfig(
                cluster,
                node,
                TransactionSettings.of(settings),
                SessionSettings.of(settings),
                OutcomeSettings.of(settings),
                RaftSettings.of(settings));
    }

    private Location whole() {
        return new Location(file.toString(), 0);
    }
}
