package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchCore;

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

    InstanceState copy() {
        return new InstanceState(slot, life, core.copy(), call, nowNanos);
    }

    InstanceState with(Call next) {
        return new InstanceState(slot, life, core, next, nowNanos);
    }

    InstanceState at(long nanos) {
        return new InstanceState(slot, life, core, call, nanos);
    }

    String canonical() {
        // How often it listed its databases decides nothing but the spread of the next pause.
        String text = core.canonical().replaceAll("rounds=\\d+ ", "").replaceAll("attempts=\\d+", "attempts=0");
        return "slot" + slot + " life" + life + " " + call + " " + Canonical.of(text, nowNanos);
    }
}
