package dev.assent.sdk.internal.jdbc;

import java.util.List;

/** What a handle tells about the work done through it. Called on the application's thread, with the branch's lock held. */
public interface BranchHooks {
    /**
     * The branch must not commit any more: work that the application believes done is gone, or could not be undone singly.
     *
     * @param reason for people
     */
    void doomed(String reason);

    /**
     * A unit of work was undone at the application's own wish, and nothing else with it. Forbids the commit unless the
     * caller knows better, since the unit lay within an attempt.
     *
     * @param reason for people
     */
    default void undone(String reason) {
        doomed(reason);
    }

    /** The attempts in which this thread works here, outermost first; their work is undone if they fail. */
    default List<Attempted> attempts() {
        return List.of();
    }
}
