package dev.assent.samples.shop;

import dev.assent.samples.shop.v1.OrdersGrpc;
import dev.assent.samples.shop.v1.PlaceRequest;
import dev.assent.samples.shop.v1.PlaceResponse;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Notes orders. */
final class OrdersService extends OrdersGrpc.OrdersImplBase {
    private final DataSource db;

    OrdersService(DataSource db) {
        this.db = db;
    }

    @Override
    public void place(PlaceRequest request, StreamObserver<PlaceResponse> caller) {
        Answers.answer(caller, () -> place(request));
    }

    private PlaceResponse place(PlaceRequest request) throws SQLException {
        try (Connection connection = db.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, ?, ?, ?)")) {
            insert.setString(1, request.getPurchase());
            insert.setInt(2, request.getCustomer());
            insert.setInt(3, request.getItem());
            insert.setInt(4, request.getQuantity());
            insert.executeUpdate();
        }
        return PlaceResponse.getDefaultInstance();
    }
}
