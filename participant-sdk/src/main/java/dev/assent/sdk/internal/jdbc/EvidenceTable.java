package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.EvidenceSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows of {@code assent_branch}: a visible one is a committed branch. */
final class EvidenceTable {
    private EvidenceTable() {}

    /** Writes the row in the branch's own transaction, so that it appears exactly when the branch commits. */
    static void insert(Connection owner, EvidenceSql sql, BranchRef branch) throws SQLException {
        try (PreparedStatement insert = keyed(owner, sql.insert(), branch)) {
            insert.executeUpdate();
        }
    }

    /** Whether the branch is committed. The connection must see the newest state, not an older snapshot. */
    static boolean exists(Connection connection, EvidenceSql sql, BranchRef branch) throws SQLException {
        try (PreparedStatement select = keyed(connection, sql.exists(), branch);
                ResultSet result = select.executeQuery()) {
            return result.next();
        }
    }

    /** The oldest rows of one life of a cluster and one resource. */
    static List<BranchRef> oldest(Connection own, EvidenceSql sql, ClusterId cluster, ResourceName resource, int limit)
            throws SQLException {
        try (PreparedStatement select = own.prepareStatement(sql.oldest())) {
            // Identifiers hold neither of LIKE's wildcards.
            select.setString(1, cluster + ".%");
            select.setString(2, resource + ".%");
            select.setInt(3, limit);
            List<BranchRef> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
                while (result.next()) {
                    rows.add(new BranchRef(Xid.parse(result.getString(1)), BranchId.parse(result.getString(2))));
                }
            }
            return rows;
        }
    }

    /** Removes rows, each by its full key and on its own: a range would wait for the rows of prepared branches. */
    static void delete(Connection own, EvidenceSql sql, List<BranchRef> rows) throws SQLException {
        try (PreparedStatement delete = own.prepareStatement(sql.delete())) {
            for (BranchRef row : rows) {
                delete.setString(1, row.xid().toString());
                delete.setString(2, row.branch().toString());
                delete.executeUpdate();
            }
        }
    }

    private static PreparedStatement keyed(Connection connection, String sql, BranchRef branch) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setString(1, branch.xid().toString());
        statement.setString(2, branch.branch().toString());
        return statement;
    }
}
