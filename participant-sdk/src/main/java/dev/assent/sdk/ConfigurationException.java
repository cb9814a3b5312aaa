package dev.assent.sdk;

import java.util.List;

/** Thrown by {@link AssentBuilder#start()}: everything that is wrong, at once, each with what to do about it. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    ConfigurationException(String service, List<String> problems) {
        super(text(service, problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence or more for each problem, with its remedy; never empty. */
    public List<String> problems() {
        return problems;
    }

    private static String text(String service, List<String> problems) {
        StringBuilder text = new StringBuilder("Assent cannot start for service '" + service + "':");
        for (String problem : problems) {
            text.append(System.lineSeparator()).append("  - ").append(problem);
        }
        return text.toString();
    }
}
