package dev.assent.sdk.internal.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** A resource's database as the shell of the branches sees it. Every method may block; safe for use by several threads. */
public interface BranchDatabase {
    /** Which resource it is. */
    ResourceName resource();

    /**
     * Takes a connection of the application's pool and opens a local transaction on it.
     *
     * @param left of the transaction's timeout
     * @param events what the application does on the handles that concerns the whole transaction
     * @throws SQLException if no connection can be had
     */
    OpenBranch open(Xid xid, BranchId branch, Duration left, BranchEvents events) throws SQLException;

    /** Answers with {@code Committed}, {@code NothingFound} or {@code Busy}. */
    BranchInput commitPrepared(BranchRef branch);

    /** Answers with {@code RolledBack}, {@code FoundCommitted} or {@code Busy}. */
    BranchInput rollBackPrepared(BranchRef branch);

    /**
     * What is prepared under the cluster's life and this resource.
     *
     * @throws SQLException if the database cannot be asked now
     */
    List<BranchRef> listPrepared() throws SQLException;

    /**
     * The oldest evidence rows.
     *
     * @throws SQLException if the database cannot be asked now
     */
    List<BranchRef> listRows() throws SQLException;

    /**
     * Deletes evidence rows.
     *
     * @throws SQLException if the database cannot be asked now
     */
    void removeRows(List<BranchRef> rows) throws SQLException;
}
