package dev.assent.coordinator.cli;

import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Problem;
import java.util.Collection;

/** What is said when no node answers. */
final class Unreachable {
    private Unreachable() {}

    static CommandFailedException all(Collection<String> addresses) {
        return new CommandFailedException(
                ExitCode.UNREACHABLE,
                new Problem(
                        "No node answers at " + String.join(", ", addresses) + ".",
                        "They do not run, or listen elsewhere, or the network is in between.",
                        "Start them (./assent dev, or ./assent server --config FILE), or name their client addresses"
                                + " with --nodes."));
    }
}
