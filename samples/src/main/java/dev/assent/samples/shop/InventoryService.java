package dev.assent.samples.shop;

import dev.assent.samples.shop.Answers.Refusal;
import dev.assent.samples.shop.v1.InventoryGrpc;
import dev.assent.samples.shop.v1.TakeRequest;
import dev.assent.samples.shop.v1.TakeResponse;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Takes goods from the shelf. */
final class InventoryService extends InventoryGrpc.InventoryImplBase {
    private final DataSource db;

    InventoryService(DataSource db) {
        this.db = db;
    }

    @Override
    public void take(TakeRequest request, StreamObserver<TakeResponse> caller) {
        Answers.answer(caller, () -> take(request));
    }

    private TakeResponse take(TakeRequest request) throws SQLException, Refusal {
        try (Connection connection = db.getConnection()) {
            int left = lockedStock(connection, request.getItem()) - request.getQuantity();
            if (left < 0) {
                throw new Refusal("not enough of item " + request.getItem() + " on the shelf");
            }
            try (PreparedStatement update = connection.prepareStatement("UPDATE shelf SET stock = ? WHERE item = ?");
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO taken VALUES (?, ?, ?)")) {
                update.setInt(1, left);
                update.setInt(2, request.getItem());
                update.executeUpdate();
                insert.setString(1, request.getPurchase());
                insert.setInt(2, request.getItem());
                insert.setInt(3, request.getQuantity());
                insert.executeUpdate();
            }
            return TakeResponse.newBuilder().setLeft(left).build();
        }
    }

    private static int lockedStock(Connection connection, int item) throws SQLException, Refusal {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT stock FROM shelf WHERE item = ? FOR UPDATE")) {
            select.setInt(1, item);
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new Refusal("no item " + item);
                }
                return found.getInt(1);
            }
        }
    }
}
