package dev.assent.simulation.explore;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Walks breadth-first, so that the first violation has a shortest way to it. A state is kept once as bytes until it was
 * looked at, and for ever as a fingerprint and a pointer to its parent with the action that led here: the way to it is
 * found by doing the same actions again.
 *
 * <p>Reductions, each of which keeps every violation reachable: slots are exchangeable ({@link Fingerprint}); followers
 * keep up at once ({@link Settling}); requests and answers are not under way ({@link Message}); a record is committed
 * while its node leads or not at all, for a commit that a deposed leader hears of later is one that came before the
 * election.
 */
final class Explorer {
    private final Bounds bounds;
    private final Cast cast;
    private final Judge judge;
    private final Choices choices;
    private final Fingerprint fingerprint;
    private final World now;
    private final World next;
    private final Moves moves;
    private final FingerprintSet seen = new FingerprintSet();
    private final States frontier = new States();
    private final Paths paths = new Paths();
    private final long[] enabled = new long[ActionKind.values().length];
    private long transitions;
    private String violation = "";
    private boolean isSafety = true;
    private List<Integer> way = List.of();

    Explorer(Bounds bounds) {
        this.bounds = bounds;
        this.cast = new Cast(bounds);
        this.judge = new Judge(cast);
        this.choices = new Choices(cast);
        this.fingerprint = new Fingerprint(cast);
        this.now = cast.first();
        this.next = cast.first();
        this.moves = new Moves(cast, next);
    }

    /**
     * Walks until everything was seen, something does not hold, or a limit is reached.
     *
     * @param maxStates no more states than this
     * @param maxSeconds no longer than this
     * @param progress hears of the number of states from time to time
     */
    Exploration walk(long maxStates, double maxSeconds, LongConsumer progress) {
        long begun = System.nanoTime();
        moves.settle();
        now.set(next);
        reach(now, -1, 0);
        int state = 0;
        int depth = 0;
        int endOfDepth = 1;
        boolean isStopped = false;
        for (; !frontier.isEmpty() && violation.isEmpty() && !isStopped; state++) {
            if (state == endOfDepth) {
                depth++;
                endOfDepth = paths.size();
            }
            now.read(frontier);
            expand(state);
            if ((state & 0xFFF) == 0) {
                progress.accept(paths.size());
                isStopped = paths.size() >= maxStates || seconds(begun) > maxSeconds;
            }
        }
        Map<ActionKind, Long> counts = new EnumMap<>(ActionKind.class);
        for (ActionKind kind : ActionKind.values()) {
            counts.put(kind, enabled[kind.ordinal()]);
        }
        return new Exploration(
                bounds,
                paths.size(),
                transitions,
                depth,
                seconds(begun),
                frontier.isEmpty() && violation.isEmpty(),
                counts,
                violation,
                isSafety,
                violation.isEmpty() ? List.of() : new Trace(cast).of(way),
                cast.nodes.size(),
                cast.instances.size(),
                cast.nodes.stepCount() + cast.instances.stepCount());
    }

    private static double seconds(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    private void expand(int state) {
        choices.in(now);
        boolean isEnd = true;
        for (int i = 0; i < choices.size(); i++) {
            int action = choices.get(i);
            next.set(now);
            moves.act(action);
            String alarm = moves.alarm();
            if (!alarm.isEmpty()) {
                fail(alarm, true, state, action);
                return;
            }
            if (next.isSame(now)) {
                continue;
            }
            isEnd &= !ActionKind.of(action).mustHappen();
            transitions++;
            enabled[ActionKind.of(action).ordinal()]++;
            if (reach(next, state, action)) {
                String wrong = judge.safety(next);
                if (!wrong.isEmpty()) {
                    fail(wrong, true, state, action);
                    return;
                }
            }
        }
        String wrong = isEnd ? judge.liveness(now) : "";
        if (!wrong.isEmpty()) {
            fail(wrong, false, state, -1);
        }
    }

    /** Notes the state if it is new. */
    private boolean reach(World world, int from, int action) {
        if (!seen.add(fingerprint.of(world))) {
            return false;
        }
        world.write(frontier);
        paths.add(from, action);
        return true;
    }

    private void fail(String what, boolean ofSafety, int state, int lastAction) {
        violation = what;
        isSafety = ofSafety;
        way = paths.to(state);
        if (lastAction != -1) {
            way.add(lastAction);
        }
    }
}
