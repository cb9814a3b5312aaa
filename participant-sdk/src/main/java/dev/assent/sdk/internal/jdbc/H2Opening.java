package dev.assent.sdk.internal.jdbc;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;

/**
 * Which opening of the database this is. The only row of {@code assent_opening} is lost whenever the database is closed,
 * cleanly or by a crash; whoever finds none writes a new random token. So every session of one opening, in whatever
 * process, reads the same token, and no other opening has it.
 */
final class H2Opening {
    private static final int DUPLICATE_KEY = 23505;
    private static final SecureRandom RANDOM = new SecureRandom();

    private H2Opening() {}

    /**
     * The token of the opening that the connection belongs to.
     *
     * @param connection in autocommit mode, so that nobody waits for the row
     */
    static String current(Connection connection) throws SQLException {
        String token = read(connection);
        if (token.isEmpty()) {
            write(connection);
            token = read(connection);
        }
        if (token.isEmpty()) {
            throw new SQLException("H2 lost the row of table assent_opening that was just written");
        }
        return token;
    }

    private static String read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT token FROM assent_opening WHERE id = 1")) {
            return result.next() ? result.getString(1) : "";
        }
    }

    private static void write(Connection connection) throws SQLException {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO assent_opening VALUES (1, ?)")) {
            insert.setString(1, HexFormat.of().formatHex(random));
            insert.executeUpdate();
        } catch (SQLException e) {
            // Another session was faster; its token is as good.
            if (e.getErrorCode() != DUPLICATE_KEY) {
                throw e;
            }
        }
    }
}
