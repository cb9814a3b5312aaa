package dev.assent.samples.shop;

import dev.assent.samples.shop.Answers.Refusal;
import dev.assent.samples.shop.v1.ChargeRequest;
import dev.assent.samples.shop.v1.ChargeResponse;
import dev.assent.samples.shop.v1.PaymentsGrpc;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Charges customers' accounts. */
final class PaymentsService extends PaymentsGrpc.PaymentsImplBase {
    private final DataSource db;

    PaymentsService(DataSource db) {
        this.db = db;
    }

    @Override
    public void charge(ChargeRequest request, StreamObserver<ChargeResponse> caller) {
        Answers.answer(caller, () -> charge(request));
    }

    private ChargeResponse charge(ChargeRequest request) throws SQLException, Refusal {
        try (Connection connection = db.getConnection()) {
            long left = lockedCents(connection, request.getCustomer()) - request.getAmountCents();
            if (left < 0) {
                throw new Refusal("the account of customer " + request.getCustomer() + " does not hold enough");
            }
            try (PreparedStatement update =
                            connection.prepareStatement("UPDATE account SET cents = ? WHERE customer = ?");
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO charge VALUES (?, ?, ?)")) {
                update.setLong(1, left);
                update.setInt(2, request.getCustomer());
                update.executeUpdate();
                insert.setString(1, request.getPurchase());
                insert.setInt(2, request.getCustomer());
                insert.setLong(3, request.getAmountCents());
                insert.executeUpdate();
            }
            return ChargeResponse.newBuilder().setLeftCents(left).build();
        }
    }

    private static long lockedCents(Connection connection, int customer) throws SQLException, Refusal {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT cents FROM account WHERE customer = ? FOR UPDATE")) {
            select.setInt(1, customer);
            try (ResultSet found = select.executeQuery()) {
                if (!found.next()) {
                    throw new Refusal("no customer " + customer);
                }
                return found.getLong(1);
            }
        }
    }
}
