package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Attempt;
import dev.assent.sdk.spi.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;

/**
 * Finishes a prepared branch whose owner is not at hand, and finds out what became of one that the database does not know:
 *
 * <ol>
 *   <li>finish it; done if that succeeds;
 *   <li>"no such branch": list what is prepared; still listed means that another session holds it, so try again later;
 *   <li>not listed: read the evidence row in a new snapshot. It tells committed from rolled back.
 * </ol>
 *
 * The order of the last two matters. A branch leaves the list only after its rows are visible; read the other way round, a
 * commit by another session in between looks like a branch that vanished, and a heuristic would be reported in error.
 */
final class OrphanResolution {
    private final Dialect dialect;

    OrphanResolution(Dialect dialect) {
        this.dialect = dialect;
    }

    Finish commit(Connection own, BranchRef branch) throws SQLException {
        if (dialect.commitOrphan(own, branch) == Attempt.DONE) {
            return Finish.COMMITTED;
        }
        return isCommitted(own, branch) ? Finish.COMMITTED : Finish.NOTHING_FOUND;
    }

    Finish rollBack(Connection own, BranchRef branch) throws SQLException {
        if (dialect.rollBackOrphan(own, branch) == Attempt.DONE) {
            return Finish.ROLLED_BACK;
        }
        return isCommitted(own, branch) ? Finish.FOUND_COMMITTED : Finish.ROLLED_BACK;
    }

    private boolean isCommitted(Connection own, BranchRef branch) throws SQLException {
        if (dialect.listPrepared(own).contains(branch)) {
            throw new SQLTransientException("Branch " + branch + " is prepared, but held by another session");
        }
        if (!EvidenceTable.exists(own, dialect.evidence(), branch)) {
            return false;
        }
        // Whoever committed it may not have forced it, and what is acknowledged is never asked about again.
        dialect.force(own);
        return true;
    }
}
