package dev.assent.sdk.internal.shell;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/** The shape of a pure core: one input and the time in, effects out. */
public interface Core<I, E> {
    /** Takes one input; the effects are carried out in this order. */
    List<E> on(I input, long nowNanos);

    /** When a tick is due, on the time scale of {@code nowNanos}; {@link Long#MAX_VALUE} for never. */
    long nextDeadlineNanos();

    /** The two methods of a core, which knows nothing of this interface. */
    static <I, E> Core<I, E> of(BiFunction<I, Long, List<E>> on, LongSupplier nextDeadlineNanos) {
        return new Core<>() {
            @Override
            public List<E> on(I input, long nowNanos) {
                return on.apply(input, nowNanos);
            }

            @Override
            public long nextDeadlineNanos() {
                return nextDeadlineNanos.getAsLong();
            }
        };
    }
}
