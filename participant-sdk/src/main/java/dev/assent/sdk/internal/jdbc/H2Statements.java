package dev.assent.sdk.internal.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which SQL may reach H2 inside a branch. A list of what is allowed, not of what is forbidden: H2 commits an open
 * transaction at nearly every statement that is not here, and new ones of that kind may come.
 */
final class H2Statements {
    private static final Set<String> ALLOWED = Set.of(
            "SELECT", "TABLE", "VALUES", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "CALL", "EXPLAIN",
            "SHOW", "HELP", "USE");
    private static final Set<String> TRANSACTION = Set.of(
            "COMMIT", "ROLLBACK", "BEGIN", "START", "PREPARE", "SAVEPOINT", "RELEASE", "END", "EXECUTE", "DEALLOCATE");
    private static final Set<String> SESSION_SETTINGS =
            Set.of("LOCK_TIMEOUT", "QUERY_TIMEOUT", "SCHEMA", "SCHEMA_SEARCH_PATH", "TIME");

    private H2Statements() {}

    static Optional<String> refusal(String sql) {
        return SqlText.of(sql).statements().stream()
                .map(H2Statements::refusal)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> refusal(List<String> words) {
        String first = words.get(0);
        if (ALLOWED.contains(first)) {
            return Optional.empty();
        }
        if (first.equals("SET")) {
            String what = words.size() > 1 ? words.get(1) : "";
            boolean isOfSession = what.startsWith("@") || SESSION_SETTINGS.contains(what);
            return isOfSession ? Optional.empty() : Optional.of(refused("SET " + what, "H2 may commit at it"));
        }
        if (TRANSACTION.contains(first)) {
            return Optional.of(refused(first, "the global transaction decides when a branch ends")
                    + "; use the methods of java.sql.Connection");
        }
        return Optional.of(refused(first, "H2 commits the open transaction at it")
                + "; run it on a connection outside the transaction");
    }

    private static String refused(String what, String why) {
        return what.strip() + " cannot run inside a global transaction: " + why;
    }
}
