package dev.assent.sdk;

import java.util.List;

/**
 * Thrown by {@link AssentBuilder#start()} and {@link Assent#proxy}: everything that is wrong, at once, each with what to do
 * about it.
 */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    ConfigurationException(String service, List<String> problems) {
        this(problems, "Assent cannot start for service '" + service + "':");
    }

    private ConfigurationException(List<String> problems, String heading) {
        super(text(heading, problems));
        this.problems = List.copyOf(problems);
    }

    /** Of what was declared at an interface and a class. */
    static ConfigurationException ofProxy(Class<?> type, Class<?> target, List<String> problems) {
        return new ConfigurationException(
                problems, "No proxy of " + type.getName() + " can be made for " + target.getName() + ":");
    }

    /** One sentence or more for each problem, with its remedy; never empty. */
    public List<String> problems() {
        return problems;
    }

    private static String text(String heading, List<String> problems) {
        StringBuilder text = new StringBuilder(heading);
        for (String problem : problems) {
            text.append(System.lineSeparator()).append("  - ").append(problem);
        }
        return text.toString();
    }
}
