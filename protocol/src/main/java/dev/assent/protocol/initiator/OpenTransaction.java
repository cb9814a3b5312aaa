package dev.assent.protocol.initiator;

import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Request;
import dev.assent.protocol.time.Timetable;
import java.util.Optional;

/**
 * A transaction of this process that has no final answer yet.
 *
 * @param xid its present xid
 * @param expiresNanos when its timeout passes
 * @param dropNanos when it is dropped though nobody ended it
 * @param stage what was done under it
 * @param question what the coordinator is being asked about it, if anything
 */
record OpenTransaction(Xid xid, long expiresNanos, long dropNanos, Stage stage, Optional<Question> question) {

    enum Stage {
        /** The coordinator has not heard of it. */
        UNTOUCHED,
        /** The coordinator knows it, and nothing was done under it. */
        OPENED,
        /** Work was done, or is about to be. */
        TOUCHED,
        /** Nothing was done, its xid can no longer commit, and no fresh number was at hand. */
        STALE,
        /** Its commit or rollback is asked for until it is answered. */
        ENDING
    }

    /**
     * A request that is repeated until it is answered.
     *
     * @param number comes back with the answer
     * @param request what is asked
     * @param attempts how often it was asked since the last news of a leader
     * @param nextNanos when it is asked again
     */
    record Question(long number, Request request, int attempts, long nextNanos) {
        boolean isBegin() {
            return request instanceof Request.Begin;
        }

        boolean isRollback() {
            return request instanceof Request.Rollback;
        }
    }

    OpenTransaction at(Stage next) {
        return new OpenTransaction(xid, expiresNanos, dropNanos, next, question);
    }

    OpenTransaction asking(Optional<Question> next) {
        return new OpenTransaction(xid, expiresNanos, dropNanos, stage, next);
    }

    /** Whether the application may not notice if it goes on under another xid. */
    boolean isUnused() {
        return stage == Stage.UNTOUCHED || stage == Stage.OPENED || stage == Stage.STALE;
    }

    long dueNanos() {
        long asked = question.map(Question::nextNanos).orElse(Timetable.NEVER);
        return stage == Stage.ENDING ? asked : Math.min(asked, dropNanos);
    }
}
