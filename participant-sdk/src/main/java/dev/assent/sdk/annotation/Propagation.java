package dev.assent.sdk.annotation;

/**
 * What work makes of the transaction that it finds around it: one that began in this process, or that a call brought. The
 * words are those of Jakarta Transactions and Spring.
 *
 * <table>
 * <caption>What the work runs in</caption>
 * <tr><th>level</th><th>outside a transaction</th><th>inside one</th></tr>
 * <tr><td>REQUIRED</td><td>a new one</td><td>that one</td></tr>
 * <tr><td>REQUIRES_NEW</td><td>a new one</td><td>a new one; the other is suspended</td></tr>
 * <tr><td>SUPPORTS</td><td>none</td><td>that one</td></tr>
 * <tr><td>MANDATORY</td><td>refused</td><td>that one</td></tr>
 * <tr><td>NEVER</td><td>none</td><td>refused</td></tr>
 * <tr><td>NOT_SUPPORTED</td><td>none</td><td>none; the one around is suspended</td></tr>
 * </table>
 *
 * <p>Whoever begins a transaction ends it. Work that joined one never commits it; its failure lets the whole roll back.
 * While a transaction is suspended the thread's calls carry no header of it and its connections are none of its branches;
 * afterwards it is the thread's again, whatever the work threw. Its timeout goes on meanwhile, and so do its locks: work
 * that needs a row which the suspended transaction has locked waits for itself, until a timeout.
 *
 * <p>What is refused ends with {@link IllegalStateException} before the work runs.
 */
public enum Propagation {
    /** Joins, or begins; the default. */
    REQUIRED,
    /** Always begins one of its own, which commits or rolls back by itself. */
    REQUIRES_NEW,
    /** Joins, or runs in none. */
    SUPPORTS,
    /** Joins, or is refused. */
    MANDATORY,
    /** Runs in none, or is refused. */
    NEVER,
    /** Always runs in none. */
    NOT_SUPPORTED
}
