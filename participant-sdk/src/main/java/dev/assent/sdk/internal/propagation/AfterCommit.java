package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.Xid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's own work after a commit: outside the transaction, which is over, but with its name in the log's context.
 * Its failure is logged and changes nothing: what is committed stays so.
 *
 * @param xid the transaction
 * @param work once
 */
public record AfterCommit(Xid xid, Runnable work) implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(AfterCommit.class);

    @Override
    public void run() {
        try (TransactionLog.Entry entry = TransactionLog.enter(xid)) {
            work.run();
        } catch (RuntimeException | Error e) {
            log.warn("Transaction {} is committed; work that was to follow it failed: {}", xid, e.toString());
            log.debug("The failure", e);
        }
    }
}
