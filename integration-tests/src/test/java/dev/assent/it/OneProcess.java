package dev.assent.it;

import dev.assent.sdk.Assent;
import java.nio.file.Path;
import java.sql.SQLException;

/** Initiator and both ledgers in one Assent process: two resources on one stream. */
final class OneProcess implements Pair {
    private final Ledger left;
    private final Ledger right;
    private final Assent assent;

    OneProcess(Path directory, String coordinators) {
        left = new Ledger(directory, "left");
        right = new Ledger(directory, "right");
        assent = Assent.builder("ledgers")
                .coordinators(coordinators)
                .development(true)
                .resource("left-db", left.pool())
                .resource("right-db", right.pool())
                .start();
    }

    @Override
    public Assent initiator() {
        return assent;
    }

    @Override
    public Ledger left() {
        return left;
    }

    @Override
    public Ledger right() {
        return right;
    }

    @Override
    public void write(String id) throws SQLException {
        Ledger.write(assent.dataSource("left-db"), id);
        Ledger.write(assent.dataSource("right-db"), id);
    }

    @Override
    public void move(String id, int account, long cents) throws SQLException {
        Ledger.move(assent.dataSource("left-db"), id, account, -cents);
        Ledger.move(assent.dataSource("right-db"), id, account, cents);
    }

    @Override
    public void read() throws SQLException {
        Ledger.read(assent.dataSource("left-db"));
        Ledger.read(assent.dataSource("right-db"));
    }

    @Override
    public void close() {
        assent.close();
        left.close();
        right.close();
    }
}
