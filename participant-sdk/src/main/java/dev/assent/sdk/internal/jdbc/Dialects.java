package dev.assent.sdk.internal.jdbc;

import dev.assent.sdk.spi.Dialect;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The dialects there are: those that the application brings as services, then the SDK's own. */
public final class Dialects {
    private Dialects() {}

    /**
     * Asks the database behind a pool which dialect serves it.
     *
     * @return the first that recognises it; the SDK's first one if none does, whose start-up check then says so
     * @throws SQLException if the database cannot be reached
     */
    public static Dialect forDatabase(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            DatabaseMetaData metaData = connection.getMetaData();
            for (Dialect dialect : all()) {
                if (dialect.recognises(metaData)) {
                    return dialect;
                }
            }
        }
        return own().get(0);
    }

    private static List<Dialect> all() {
        Stream<Dialect> brought = ServiceLoader.load(Dialect.class).stream().map(ServiceLoader.Provider::get);
        return Stream.concat(brought, own().stream()).toList();
    }

    private static List<Dialect> own() {
        return List.of(new H2Dialect());
    }
}
