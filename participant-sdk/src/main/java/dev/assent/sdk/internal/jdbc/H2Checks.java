package dev.assent.sdk.internal.jdbc;

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

/** What an H2 database must be like to hold branches. */
final class H2Checks {
    private static final int LEAST_MAJOR = 2;
    private static final int LEAST_MINOR = 5;

    private H2Checks() {}

    static List<StartupProblem> check(Connection own, StartupScope scope) throws SQLException {
        List<StartupProblem> problems = new ArrayList<>();
        DatabaseMetaData metaData = own.getMetaData();
        String resource = "The H2 database of resource '" + scope.resource() + "' ";
        int major = metaData.getDatabaseMajorVersion();
        int minor = metaData.getDatabaseMinorVersion();
        if (major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR)) {
            problems.add(new StartupProblem(
                    resource + "has version " + major + "." + minor + ".",
                    "Its prepared transactions were tried from version 2.5 on; older ones may lose a vote.",
                    "Use H2 " + LEAST_MAJOR + "." + LEAST_MINOR + " or later."));
        }
        if (!scope.development() && isInMemory(own)) {
            problems.add(new StartupProblem(
                    resource + "is in memory.",
                    "Nothing of it survives the process, so neither does a vote: a committed transaction would be lost"
                            + " here and kept elsewhere.",
                    "Use a file database, or set development: true for tests."));
        }
        if (!scope.development() && !isInMemory(own) && reusesSpace(own)) {
            problems.add(new StartupProblem(
                    resource + "reuses the space of its file.",
                    "What H2 writes into a gap of the file it may not find again after a crash, though it was forced: a"
                            + " vote or a commit would be lost.",
                    "Add ;REUSE_SPACE=FALSE to the URL of every connection pool that opens it, and compact the file"
                            + " now and then while nothing is in doubt."));
        }
        if (!isAdmin(own)) {
            problems.add(new StartupProblem(
                    resource + "is used by a user without ADMIN.",
                    "Recovery cannot see or finish branches in doubt, and votes cannot be forced to disk.",
                    "ALTER USER \"" + metaData.getUserName() + "\" ADMIN TRUE, or use another user."));
        }
        return problems;
    }

    /** Without ADMIN the list of prepared transactions is empty rather than refused, and would be believed. */
    static void requireAdmin(Connection own) throws SQLException {
        if (!isAdmin(own)) {
            throw new SQLException("H2 shows prepared transactions to users with ADMIN only");
        }
    }

    private static boolean isAdmin(Connection own) throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet result = statement.executeQuery("SELECT IS_ADMIN FROM INFORMATION_SCHEMA.USERS"
                        + " WHERE USER_NAME = CURRENT_USER AND RAND() >= 0")) {
            return result.next() && result.getBoolean(1);
        }
    }

    private static boolean reusesSpace(Connection own) throws SQLException {
        try (Statement statement = own.createStatement();
                ResultSet result = statement.executeQuery("SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                        + " WHERE SETTING_NAME = 'REUSE_SPACE'")) {
            return !result.next() || result.getBoolean(1);
        }
    }

    private static boolean isInMemory(Connection own) throws SQLException {
        String url = own.getMetaData().getURL().toLowerCase(Locale.ROOT);
        try (Statement statement = own.createStatement();
                ResultSet result = statement.executeQuery("CALL DATABASE_PATH()")) {
            return (result.next() && result.getString(1) == null) || url.startsWith("jdbc:h2:mem:");
        }
    }
}
