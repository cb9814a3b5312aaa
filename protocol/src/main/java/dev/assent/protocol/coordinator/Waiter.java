package dev.assent.protocol.coordinator;

import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A request that waits for the outcome of its transaction. */
record Waiter(RequestId request, AnswerMode mode) {
    /** More callers than this of one transaction are a broken client. */
    private static final int MOST = 64;

    /** Joins those that wait; if they are too many the oldest is answered, since each request has to be. */
    Step join(List<Waiter> waiters, Answer ifCrowdedOut, Function<List<Waiter>, Transaction> withWaiters) {
        List<Waiter> joined = new ArrayList<>(waiters);
        joined.removeIf(w -> w.request().equals(request));
        List<Effect> effects = new ArrayList<>();
        if (joined.size() >= MOST) {
            effects.add(new Reply(joined.remove(0).request(), ifCrowdedOut));
        }
        joined.add(this);
        return Step.to(withWaiters.apply(List.copyOf(joined)), effects);
    }
}
