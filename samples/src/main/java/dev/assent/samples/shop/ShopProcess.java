package dev.assent.samples.shop;

import com.zaxxer.hikari.HikariDataSource;
import dev.assent.sdk.Assent;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * One service of the shop as a process: {@code <orders|inventory|payments> <port> <coordinators> <directory>}. Prints
 * {@code READY} once it serves. Everything that it needs of Assent is in {@link #main}: the resource, its data source and
 * the interceptor.
 */
public final class ShopProcess {
    private ShopProcess() {}

    public static void main(String[] arguments) throws Exception {
        String service = arguments[0];
        int port = Integer.parseInt(arguments[1]);
        HikariDataSource pool = ShopDatabase.open(Path.of(arguments[3]), service);
        createTables(service, pool);

        String resource = service + "-db";
        Assent assent = Assent.builder(service)
                .coordinators(arguments[2])
                .instanceName(service + "-1")
                .development(true)
                .resource(resource, pool)
                .start();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(serviceOf(service).apply(assent.dataSource(resource)))
                .intercept(assent.serverInterceptor())
                .build()
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, assent, pool), "stop"));
        System.out.println("READY " + server.getPort());
        server.awaitTermination();
    }

    private static void createTables(String service, DataSource pool) throws Exception {
        switch (service) {
            case "orders" -> ShopDatabase.createOrders(pool);
            case "inventory" -> ShopDatabase.createInventory(pool);
            case "payments" -> ShopDatabase.createPayments(pool);
            default -> throw new IllegalArgumentException("no such service: " + service);
        }
    }

    private static Function<DataSource, BindableService> serviceOf(String service) {
        return switch (service) {
            case "orders" -> OrdersService::new;
            case "inventory" -> InventoryService::new;
            default -> PaymentsService::new;
        };
    }

    private static void stop(Server server, Assent assent, HikariDataSource pool) {
        server.shutdown();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assent.close();
        pool.close();
    }
}
