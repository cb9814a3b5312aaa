package dev.assent.coordinator.config;

import dev.assent.cli.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Overrides from environment variables: {@code ASSENT_} and the setting's path in capitals. A variable that looks like an
 * override and is none is a mistake: left alone, a slip of the fingers would leave the file's value in force unnoticed.
 */
final class EnvironmentSource {
    private static final String PREFIX = "ASSENT_";

    /** What the launcher and the commands read, not the node. */
    private static final Set<String> OF_OTHERS = Set.of("ASSENT_JVM_OPTIONS", "ASSENT_NODES");

    /** What Kubernetes sets in every pod for a service whose name begins with "assent". */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile(".*_SERVICE_(HOST|PORT(_.*)?)|.*_PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

    private static final Pattern MEMBER = Pattern.compile("([^@]*)@(.*):([^:]*):([^:]*)");

    private final RawConfig raw;

    EnvironmentSource(RawConfig raw) {
        this.raw = raw;
    }

    void read(Map<String, String> environment) {
        Map<String, String> pathOf = new LinkedHashMap<>();
        Keys.SCALARS.forEach(key -> pathOf.put(key.variable(), key.path()));
        pathOf.put(Key.variable(Keys.MEMBERS), Keys.MEMBERS);
        new TreeMap<>(environment).forEach((variable, text) -> {
            String path = pathOf.get(variable);
            Location where = new Location("environment variable " + variable, 0);
            if (Keys.MEMBERS.equals(path)) {
                readMembers(text, where);
            } else if (path != null) {
                raw.put(path, new RawConfig.Value(text, where));
            } else if (variable.startsWith(PREFIX) && !isOfOthers(variable)) {
                String hint = Nearest.to(variable, pathOf.keySet())
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("");
                raw.wrong(where, "", "overrides no setting" + hint, "ASSENT_ and a setting's path in capitals");
            }
        });
    }

    private static boolean isOfOthers(String variable) {
        return OF_OTHERS.contains(variable) || OF_KUBERNETES.matcher(variable).matches();
    }

    private void readMembers(String text, Location where) {
        List<RawConfig.Entry> entries = new ArrayList<>();
        for (String member : text.split(",", -1)) {
            Matcher matcher = MEMBER.matcher(member.strip());
            if (!matcher.matches()) {
                raw.wrong(where, Keys.MEMBERS, "'" + member.strip() + "' is not a member", Keys.MEMBERS_ALLOWED);
                continue;
            }
            Map<String, RawConfig.Value> values = new LinkedHashMap<>();
            String host = matcher.group(2).replaceAll("^\\[(.*)]$", "$1");
            values.put(Keys.MEMBER_ID.path(), new RawConfig.Value(matcher.group(1), where));
            values.put(Keys.MEMBER_HOST.path(), new RawConfig.Value(host, where));
            values.put(Keys.MEMBER_CLIENT_PORT.path(), new RawConfig.Value(matcher.group(3), where));
            values.put(Keys.MEMBER_RAFT_PORT.path(), new RawConfig.Value(matcher.group(4), where));
            entries.add(new RawConfig.Entry(values, where));
        }
        raw.putMembers(where, entries);
    }
}
