package dev.assent.sdk;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import java.util.List;

/**
 * Somebody decided by hand: branches of the transaction are known to differ ({@link Outcome#MIXED}), or an operator gave
 * branches up and nobody has settled what they did ({@link Outcome#HAZARD}). People must repair the data; the term is
 * that of X/Open XA.
 */
public final class HeuristicOutcomeException extends AssentException {
    private static final long serialVersionUID = 1L;

    private final Xid xid;
    private final Outcome outcome;
    private final List<BranchId> branches;

    HeuristicOutcomeException(Xid xid, Outcome outcome, List<BranchId> branches) {
        super(text(xid, outcome, branches), null);
        this.xid = xid;
        this.outcome = outcome;
        this.branches = List.copyOf(branches);
    }

    /** The transaction. */
    public Xid xid() {
        return xid;
    }

    /** {@link Outcome#MIXED} or {@link Outcome#HAZARD}. */
    public Outcome outcome() {
        return outcome;
    }

    /** The branches that differ, or that were given up. */
    public List<BranchId> branches() {
        return branches;
    }

    private static String text(Xid xid, Outcome outcome, List<BranchId> branches) {
        String what = outcome == Outcome.MIXED
                ? "was decided by hand against the coordinator in branches "
                : "has branches that an operator gave up and nobody has settled: ";
        return "Transaction " + xid + " " + what + branches + ". Look at it with ./assent tx show " + xid + ".";
    }
}
