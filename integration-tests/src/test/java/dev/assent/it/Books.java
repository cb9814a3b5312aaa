package dev.assent.it;

import java.util.Set;

/** What can be read in a ledger, wherever its database is open. */
interface Books {
    /** Ids of the entries that are committed in it. */
    Set<String> entries();

    /** Branches that are prepared in it. */
    Set<String> inDoubt();

    /** Transactions whose rows of evidence are left. */
    Set<String> evidence();

    /** Connections that the application holds. */
    int connectionsInUse();
}
