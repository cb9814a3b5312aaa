package dev.assent.sdk.internal.branch;

import dev.assent.protocol.ResourceName;
import javax.sql.DataSource;

/**
 * A data source that opens and ends its branches itself, in place of a dialect: for measuring and testing the engine
 * without any database. Nothing about it is checked at start. Safe for use by several threads.
 */
public interface BranchDatabaseSource extends DataSource {
    /** Its branches, under the name that the resource was given. */
    BranchDatabase branches(ResourceName resource);
}
