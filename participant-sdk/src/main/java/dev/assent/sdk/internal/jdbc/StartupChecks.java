package dev.assent.sdk.internal.jdbc;

import dev.assent.sdk.spi.Dialect;
import dev.assent.sdk.spi.StartupProblem;
import dev.assent.sdk.spi.StartupScope;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/** Finds everything that keeps a database from serving branches, at once and before the first of them. */
final class StartupChecks {
    private static final Set<String> COLUMNS = new TreeSet<>(
            Set.of("xid", "branch_id", "mode", "state", "arguments", "result", "created_at", "updated_at"));
    private static final Set<String> KEY = new TreeSet<>(Set.of("xid", "branch_id"));
    private static final int KEY_LENGTH = 64;

    private final StartupScope scope;
    private final Dialect dialect;
    private final boolean createTables;
    private final List<StartupProblem> problems = new ArrayList<>();

    StartupChecks(StartupScope scope, Dialect dialect, boolean createTables) {
        this.scope = scope;
        this.dialect = dialect;
        this.createTables = createTables;
    }

    List<StartupProblem> run(DataSource pool, OwnConnections own) {
        try {
            if (pool instanceof EnlistingDataSource || pool.isWrapperFor(EnlistingDataSource.class)) {
                add(
                        "was given a data source of Assent.",
                        "Every connection would be a branch of a branch, and recovery would work inside a transaction.",
                        "Give the pool itself to resource(…), not what dataSource(…) returned.");
                return List.copyOf(problems);
            }
            own.open();
            own.with(connection -> {
                database(connection);
                return problems;
            });
        } catch (SQLException e) {
            add(
                    "cannot be reached: " + e.getMessage(),
                    "Nothing can be prepared or recovered.",
                    "Check address, user and password of its data source, and that the database runs.");
        }
        return List.copyOf(problems);
    }

    private void database(Connection own) throws SQLException {
        DatabaseMetaData metaData = own.getMetaData();
        if (!dialect.recognises(metaData)) {
            problems.add(unsupported(scope, metaData));
            return;
        }
        problems.addAll(dialect.check(own, scope));
        if (createTables) {
            create(own);
        }
        List<String> missing = new ArrayList<>();
        for (String table : dialect.tables()) {
            if (columns(own, table).isEmpty()) {
                missing.add(table);
            }
        }
        if (!missing.isEmpty()) {
            add(
                    "lacks " + String.join(", ", missing) + (createTables ? ", which its user may not create." : "."),
                    "Without evidence nobody can tell a committed branch from one that was rolled back by hand.",
                    "Create the tables with assent/ddl/" + dialect.name().toLowerCase(Locale.ROOT)
                            + ".sql from the SDK's jar.");
        }
        if (!missing.contains(dialect.tables().get(0))) {
            evidenceTable(own);
        }
    }

    static StartupProblem unsupported(StartupScope scope, DatabaseMetaData metaData) throws SQLException {
        return new StartupProblem(
                "The database of resource '" + scope.resource() + "' is " + metaData.getDatabaseProductName() + " "
                        + metaData.getDatabaseProductVersion() + ", which no dialect serves.",
                "How it prepares a transaction, and whether that survives a crash, is unknown.",
                "Use a supported database (H2), or give a dialect of your own.");
    }

    /** Failure shows as a missing table below; a user without the right to create finds them made by hand. */
    private void create(Connection own) throws SQLException {
        for (String table : dialect.tables()) {
            if (columns(own, table).isEmpty()) {
                run(own, dialect.evidence().createTable());
                return;
            }
        }
    }

    private void run(Connection own, String script) {
        try (Statement statement = own.createStatement()) {
            for (String part : script.replaceAll("(?m)^--.*$", "").split(";")) {
                if (!part.isBlank()) {
                    statement.execute(part);
                }
            }
        } catch (SQLException e) {
            add(
                    "refused to create Assent's tables: " + e.getMessage(),
                    "Without them nothing can be prepared.",
                    "Give its user the right to create tables, or create them by hand.");
        }
    }

    private void evidenceTable(Connection own) throws SQLException {
        String table = dialect.tables().get(0);
        Set<String> missing = new TreeSet<>(COLUMNS);
        missing.removeAll(columns(own, table));
        Set<String> key = primaryKey(own, table);
        if (!missing.isEmpty() || !key.equals(KEY)) {
            add(
                    "has a table " + table + " that is not Assent's"
                            + (missing.isEmpty() ? "" : ", columns missing: " + String.join(", ", missing))
                            + (key.equals(KEY) ? "." : ", primary key: (" + String.join(", ", key) + ")."),
                    "Evidence could not be written, or two branches could overwrite each other's.",
                    "Rename that table and let Assent create its own; never change it while branches are in doubt.");
        }
        if (missing.isEmpty() && keyLength(own, table) < KEY_LENGTH) {
            add(
                    "has a table " + table + " whose key columns hold less than " + KEY_LENGTH + " characters.",
                    "Identifiers that do not fit would make every vote a NO.",
                    "Create it anew with the columns of assent/ddl/.");
        }
    }

    private static Set<String> columns(Connection own, String table) throws SQLException {
        Set<String> names = new TreeSet<>();
        for (String pattern : patterns(own, table)) {
            try (ResultSet columns = own.getMetaData().getColumns(own.getCatalog(), own.getSchema(), pattern, null)) {
                while (columns.next()) {
                    names.add(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    private static Set<String> primaryKey(Connection own, String table) throws SQLException {
        Set<String> names = new TreeSet<>();
        for (String name : names(table)) {
            try (ResultSet key = own.getMetaData().getPrimaryKeys(own.getCatalog(), own.getSchema(), name)) {
                while (key.next()) {
                    names.add(key.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    private static int keyLength(Connection own, String table) throws SQLException {
        int least = Integer.MAX_VALUE;
        for (String pattern : patterns(own, table)) {
            try (ResultSet columns = own.getMetaData().getColumns(own.getCatalog(), own.getSchema(), pattern, null)) {
                while (columns.next()) {
                    if (KEY.contains(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT))) {
                        least = Math.min(least, columns.getInt("COLUMN_SIZE"));
                    }
                }
            }
        }
        return least;
    }

    /** Databases store a name without quotes in upper or in lower case. */
    private static List<String> names(String table) {
        return List.of(table, table.toUpperCase(Locale.ROOT));
    }

    /** The same as patterns: the underscore must not match anything else. */
    private static List<String> patterns(Connection own, String table) throws SQLException {
        String escape = own.getMetaData().getSearchStringEscape();
        return names(table).stream()
                .map(name -> name.replace("_", escape + "_"))
                .toList();
    }

    private void add(String text, String danger, String fix) {
        problems.add(new StartupProblem("The database of resource '" + scope.resource() + "' " + text, danger, fix));
    }
}
