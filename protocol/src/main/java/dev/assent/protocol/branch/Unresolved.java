package dev.assent.protocol.branch;

import dev.assent.protocol.message.Command;
import java.util.Optional;

/**
 * A prepared branch that waits for its decision or for its database, for health, metrics and operators.
 *
 * @param branch which
 * @param waitingFor for people
 * @param sinceNanos on the core's clock
 * @param verdict why only an operator can settle it, if so
 * @param lastError what its database said last, or empty
 */
public record Unresolved(
        BranchRef branch, String waitingFor, long sinceNanos, Optional<Command.Verdict> verdict, String lastError) {}
