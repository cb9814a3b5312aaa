package dev.assent.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Turns what nobody expected into something that can be reported without a stack trace on the screen. */
final class Defects {
    private static final String OURS = "dev.assent.";

    private Defects() {}

    static Problem problem(Throwable defect) {
        String message = defect.getMessage() == null ? "" : ": " + defect.getMessage();
        return new Problem(
                "The command broke (" + defect.getClass().getSimpleName() + message + ").",
                "At " + place(defect) + ", version " + Software.VERSION + ".",
                "This is a defect of Assent: please report these lines with the command that you ran.");
    }

    private static String place(Throwable defect) {
        String ours = Arrays.stream(defect.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .limit(3)
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining(" < "));
        return ours.isEmpty() ? "an unknown place" : ours;
    }
}
