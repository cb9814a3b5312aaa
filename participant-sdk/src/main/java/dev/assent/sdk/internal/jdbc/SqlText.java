package dev.assent.sdk.internal.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The words of an SQL text, statement by statement, without comments, literals and quoted identifiers: enough to see what
 * kind of statements it holds, also behind a comment or a semicolon. Follows H2's lexical rules: {@code --} and
 * {@code //} comments, nested block comments, {@code $$} strings, no backslash escapes.
 *
 * @param statements each as its words in upper case, in order; empty statements are left out
 */
record SqlText(List<List<String>> statements) {
    private static final Set<String> READS = Set.of("SELECT", "TABLE", "VALUES", "SHOW", "EXPLAIN", "HELP", "WITH");
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE");

    static SqlText of(String sql) {
        return new Reader(sql).read();
    }

    /** Whether nothing but queries is in it. {@code SELECT … FOR UPDATE} is one: undoing it loses no work. */
    boolean isQuery() {
        return statements.stream().allMatch(SqlText::isQuery);
    }

    private static boolean isQuery(List<String> words) {
        if (!READS.contains(words.get(0))) {
            return false;
        }
        // A query may hold a change inside: SELECT … FROM FINAL TABLE (INSERT …), WITH x AS (DELETE …).
        for (int i = 1; i < words.size(); i++) {
            boolean isLock = words.get(i).equals("UPDATE") && words.get(i - 1).equals("FOR");
            if (CHANGES.contains(words.get(i)) && !isLock) {
                return false;
            }
        }
        return true;
    }

    private static final class Reader {
        private final String sql;
        private int at;
        private final List<List<String>> statements = new ArrayList<>();
        private List<String> words = new ArrayList<>();

        Reader(String sql) {
            this.sql = sql;
        }

        SqlText read() {
            while (at < sql.length()) {
                char c = sql.charAt(at);
                if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
                    skipLine();
                } else if (sql.startsWith("/*", at)) {
                    skipBlock();
                } else if (sql.startsWith("$$", at)) {
                    skipTo("$$", at + 2);
                } else if (c == '\'' || c == '"' || c == '`') {
                    // A doubled quote inside ends one literal and begins the next, which comes to the same.
                    skipTo(String.valueOf(c), at + 1);
                } else if (c == ';') {
                    endStatement();
                    at++;
                } else if (Character.isJavaIdentifierStart(c) || c == '@') {
                    readWord();
                } else {
                    at++;
                }
            }
            endStatement();
            return new SqlText(List.copyOf(statements));
        }

        private void endStatement() {
            if (!words.isEmpty()) {
                statements.add(List.copyOf(words));
                words = new ArrayList<>();
            }
        }

        private void readWord() {
            int start = at++;
            while (at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at))) {
                at++;
            }
            words.add(sql.substring(start, at).toUpperCase(Locale.ROOT));
        }

        private void skipLine() {
            while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
                at++;
            }
        }

        private void skipBlock() {
            int depth = 1;
            at += 2;
            while (at < sql.length() && depth > 0) {
                if (sql.startsWith("/*", at)) {
                    depth++;
                    at += 2;
                } else if (sql.startsWith("*/", at)) {
                    depth--;
                    at += 2;
                } else {
                    at++;
                }
            }
        }

        private void skipTo(String end, int from) {
            int found = sql.indexOf(end, from);
            at = found < 0 ? sql.length() : found + end.length();
        }
    }
}
