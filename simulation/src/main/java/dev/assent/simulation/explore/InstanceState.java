package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchCore;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A participant's process: its core, and the application's call in its branch. Never changed: a step works on a copy.
 *
 * @param slot where it runs
 * @param life which process of that slot
 * @param call what became of the call
 * @param nowNanos its clock
 */
record InstanceState(int slot, int life, BranchCore core, Call call, long nowNanos) {
    /** The only business call that uses the branch. */
    enum Call {
        NOT_MADE,
        /** Waits for the enlistment. */
        OPEN,
        /** Answered OK: the initiator counts it. */
        ANSWERED,
        FAILED
    }

    private static final Pattern COUNTERS = Pattern.compile("(rounds=\\d+ )|(attempts=\\d+,)");
    private static final Pattern EXPIRY = Pattern.compile("expiresNanos=-?\\d+,");
    private static final List<String> UNVOTED =
            List.of("state=Active[", "state=AwaitingCalls[", "state=WritingEvidence[", "state=Preparing[");

    /**
     * What matters of it, and what can be told from that.
     *
     * @param canonical all that matters
     * @param isPastVote the only branch has voted or ended: then news of leaders changes nothing
     * @param isEnded the only branch has ended
     * @param isAcknowledged the only branch's enlistment was acknowledged
     */
    record Written(String canonical, boolean isPastVote, boolean isEnded, boolean isAcknowledged) {}

    Written written() {
        // How often something was said, or its databases were listed, decides nothing but the spread of the next pause.
        String text = core.canonical();
        boolean isUnvoted = UNVOTED.stream().anyMatch(text::contains);
        boolean isFirstLife = life == 0 && call != Call.NOT_MADE;
        boolean isEnded = isFirstLife && text.contains("\n  ended ");
        String kept = COUNTERS.matcher(text).replaceAll("");
        if (!isUnvoted) {
            // The timeout of the transaction concerns a branch until it votes.
            kept = EXPIRY.matcher(kept).replaceAll("");
        }
        return new Written(
                "slot" + slot + " life" + life + " " + call + " " + Canonical.of(kept, nowNanos),
                isFirstLife && !isUnvoted,
                isEnded,
                text.contains("isAcknowledged=true"));
    }

    InstanceState copy() {
        return new InstanceState(slot, life, core.copy(), call, nowNanos);
    }

    InstanceState with(Call next) {
        return new InstanceState(slot, life, core, next, nowNanos);
    }

    InstanceState at(long nanos) {
        return new InstanceState(slot, life, core, call, nanos);
    }
}
