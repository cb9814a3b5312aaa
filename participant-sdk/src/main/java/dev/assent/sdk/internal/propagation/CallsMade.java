package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.initiator.CallAccount;
import dev.assent.protocol.initiator.CallReport;
import java.util.Optional;

/**
 * The calls that one scope made, how they ended, and what else forbids the commit; the attempts that calls are part of hear
 * of their ends. Safe for use by several threads.
 */
final class CallsMade {
    private final String path;

    // Guarded by this.
    private final CallAccount account = new CallAccount();
    private long calls;

    /**
     * A call that leaves.
     *
     * @param number within this scope
     * @param id within the transaction, the same when a transport repeats it
     * @param name what is called, for people
     * @param within the attempt that it is part of
     */
    record OutgoingCall(long number, String id, String name, Optional<Attempt> within) {}

    /**
     * @param path how the calls of the transaction led here; empty at the initiator
     */
    CallsMade(String path) {
        this.path = path;
    }

    /** A call is about to leave. */
    synchronized OutgoingCall opened(String name, Optional<Attempt> within) {
        long number = ++calls;
        account.opened(number, name);
        within.ifPresent(Attempt::callOpened);
        return new OutgoingCall(number, CallPath.child(path, number), name, within);
    }

    /** It came back, with the account of what ran below it; without one if it passed a hop without the SDK. */
    void succeeded(OutgoingCall call, Optional<CallReport> report) {
        call.within().ifPresent(it -> it.callStands(call.name()));
        synchronized (this) {
            if (report.isPresent()) {
                account.succeeded(call.number(), report.get());
            } else {
                account.succeededWithoutReport(call.number());
            }
        }
    }

    /** It failed, and its callee has undone all that it did; its branches count it all the same. */
    void undone(OutgoingCall call, CallReport report, String why) {
        synchronized (this) {
            account.succeeded(call.number(), report);
        }
        call.within().ifPresent(attempt -> {
            if (!attempt.isDeclared()) {
                // Nobody here expects it to fail: only if this call fails, too, is nothing half done.
                attempt.forbid("call " + call.name() + " failed: " + why);
            }
            attempt.callUndone();
        });
    }

    /** It failed, or nobody knows how it ended. */
    void failed(OutgoingCall call, String why) {
        synchronized (this) {
            account.failed(call.number(), why);
        }
        call.within().ifPresent(Attempt::callUndone);
    }

    /** A branch of this process takes part. */
    synchronized void used(BranchId branch) {
        account.used(branch);
    }

    /** The transaction must not commit, whatever comes. The first reason is kept. */
    synchronized void forbid(String why) {
        account.forbid(why);
    }

    /** Why the transaction must not commit, as things stand. */
    synchronized Optional<String> forbidden() {
        return account.forbidden();
    }

    synchronized CallReport report() {
        return account.report();
    }

    synchronized CallSums sums() {
        return account.sums();
    }
}
