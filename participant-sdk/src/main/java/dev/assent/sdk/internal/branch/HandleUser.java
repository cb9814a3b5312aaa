package dev.assent.sdk.internal.branch;

import dev.assent.sdk.internal.jdbc.Attempted;
import java.util.List;

/** The call that works through a handle. Asked on the application's thread; does not block. */
public interface HandleUser {
    /** The attempts in which this thread works for the call, outermost first. */
    List<Attempted> attempts();

    /**
     * The application undid a unit of work of its own that lay within the present attempts.
     *
     * @return whether the call answers for it; else the branch can no longer commit
     */
    boolean answersForUndone(String reason);
}
