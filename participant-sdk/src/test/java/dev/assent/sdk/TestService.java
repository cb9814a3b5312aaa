package dev.assent.sdk;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A service of its own: a database with a table {@code item}, an {@link Assent}, and a server in this process. */
final class TestService implements AutoCloseable {
    final JdbcDataSource pool;
    final Assent assent;
    private final String resource;
    private final Server server;
    private final ManagedChannel channel;

    /** What the service does when it is called. */
    interface Handler {
        String handle(TestService self, String text) throws Exception;
    }

    TestService(String name, FakeCluster cluster, Handler handler) throws IOException, SQLException {
        resource = name + "-db";
        pool = new JdbcDataSource();
        pool.setURL("jdbc:h2:mem:" + name + System.identityHashCode(this) + ";DB_CLOSE_DELAY=-1");
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE item (name VARCHAR(50) PRIMARY KEY)");
        }
        assent = Assent.builder(name)
                .coordinators("fake:1")
                .resource(resource, pool)
                .development(true)
                .connector(cluster)
                .start();
        server = InProcessServerBuilder.forName(address())
                .addService(EchoService.service(text -> handler.handle(this, text)))
                .intercept(assent.serverInterceptor())
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(address()).build();
    }

    private String address() {
        return "service-" + System.identityHashCode(this);
    }

    /** A channel to it, for callers that carry transactions. */
    Channel channel(Assent caller) {
        return ClientInterceptors.intercept(channel, caller.clientInterceptor());
    }

    /** A channel to it that carries nothing. */
    Channel plainChannel() {
        return channel;
    }

    DataSource db() {
        return assent.dataSource(resource);
    }

    void insert(String item) throws SQLException {
        try (Connection connection = db().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO item VALUES ('" + item + "')");
        }
    }

    /** What is committed, as any other process sees it. */
    int committedCount() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM item")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        assent.close();
    }
}
