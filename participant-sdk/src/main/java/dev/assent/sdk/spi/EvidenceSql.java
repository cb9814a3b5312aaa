package dev.assent.sdk.spi;

/**
 * The statements on the evidence table, all by full primary key or plain reads, so that they never wait for the rows of
 * prepared branches.
 *
 * @param createTable what creates the table if it is missing, statements separated by semicolons; also shipped as a
 *     resource for databases whose users may not create tables
 * @param insert parameters: xid, branch id; inserts a committed two-phase branch with the database's time
 * @param exists parameters: xid, branch id; a row if it is there. Must never be answered from a result cache
 * @param oldest parameters: a pattern for {@code LIKE} on the xid, one on the branch id, the largest number of rows;
 *     gives xid and branch id, oldest first. Must never be answered from a result cache
 * @param delete parameters: xid, branch id
 */
public record EvidenceSql(String createTable, String insert, String exists, String oldest, String delete) {}
