package dev.assent.simulation.explore;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a walk leaves out without losing a violation. Each rests on what the cores do, and a planted bug could make it
 * unsound; so each can be switched off, and tests compare what is found and what becomes true without it.
 *
 * <p>Those of messages suppose that what is under way stays under way ({@link Bounds#hasCompleteNetwork}).
 */
enum Reduction {
    /** Participants are alike: see {@link Slots}. */
    ALIKE,

    /**
     * What is repeated as long as its sender waits is said at once, and its timers are not fired for it: one more message
     * under way forbids nothing.
     */
    REPETITIONS,

    /**
     * What is said in answer to a message, by one who stays as it is, is said at once: it can be said as long as that one
     * stays as it is.
     */
    ANSWERS,

    /** A leader that is aborting hears everything at once: all it can learn is that it may forget the transaction. */
    ABORTING,

    /** Messages that change nothing whenever they arrive are taken away. */
    DEAF,

    /** Records of a node that cannot lead any more are taken away. */
    HOPELESS,

    /**
     * What the initiator would be told by a node that stays as it is, is told at once. It may ask at any time, its asking
     * is never an action that others wait for, and being told more is judged more strictly.
     */
    TELLINGS,

    /**
     * A node that was elected and leads nothing yet learns of its election at once, and one that waits for its own first
     * record catches up to it at once: until it is told of that record it answers the same to everybody, and becoming
     * ready, which shows, stays an action. A record that it submits the sooner may still never be committed.
     */
    LEADERS,

    /**
     * News of leaders reaches at once whom it tells nothing: all of a term that is not later than the transaction's, all
     * to a branch that has voted, and any but the first of a later term. A branch compares terms with its own and with
     * nothing else, so of several later terms one stands for all; and what is heard before a transaction exists matters
     * when its branch is opened, so it may as well be heard just before that.
     */
    NEWS,

    /**
     * A lease of numbers matters in the term of the transaction, from the moment it was begun: nobody opens a number of
     * another term, and beginning touches no node. A number that was opened and closed is as good as one whose lease has
     * ended: both are over.
     */
    LEASES,

    /**
     * A state is left out if one is known that differs in nothing but that more is under way and the initiator was told
     * more. That one can do all that this one can, is judged at least as strictly, and stands still where this one does,
     * for what may be lost is never waited for ({@link Standstill}).
     */
    COVERED;

    static Set<Reduction> all() {
        return EnumSet.allOf(Reduction.class);
    }
}
