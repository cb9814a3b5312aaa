package dev.assent.simulation.explore;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Walks breadth-first. A state is kept once as bytes until it was looked at, and for ever as a fingerprint and a pointer to
 * its parent with the action that led here: the way to it is found by doing the same actions again.
 *
 * <p>What is left out is named in {@link Reduction}. Beside that, followers keep up at once ({@link Settling}), requests and
 * answers are not under way ({@link Message}), and a record is committed while its node leads or not at all, for a commit
 * that a deposed leader hears of later is one that came before the election. No way to a violation has fewer actions than
 * that to the first one of safety: a state is left out only for one that is as near.
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
    private final Covered covered;
    private final boolean isCovering;
    private final Standstill standstill;
    private final Watch watch;
    private final States frontier = new States();
    private final Paths paths = new Paths();
    private final long[] enabled = new long[ActionKind.values().length];
    private int depth;
    private long transitions;
    private String violation = "";
    private boolean isSafety = true;
    private List<Integer> way = List.of();

    Explorer(Bounds bounds) {
        this(bounds, Reduction.all(), Watch.NOTHING);
    }

    /**
     * @param reductions what is left out
     */
    Explorer(Bounds bounds, Set<Reduction> reductions, Watch watch) {
        this.bounds = bounds;
        this.cast = new Cast(bounds, reductions);
        this.judge = new Judge(cast);
        this.choices = new Choices(cast);
        this.fingerprint = new Fingerprint(cast);
        this.now = cast.first();
        this.next = cast.first();
        this.moves = new Moves(cast, next);
        this.covered = new Covered(cast, fingerprint);
        this.isCovering = cast.doesOfMessages(Reduction.COVERED);
        this.standstill = new Standstill(cast);
        this.watch = watch;
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
        int endOfDepth = 1;
        boolean isStopped = false;
        for (; !frontier.isEmpty() && violation.isEmpty() && !isStopped; state++) {
            if (state == endOfDepth) {
                depth++;
                endOfDepth = paths.size();
            }
            now.read(frontier);
            if (!isCovering || !covered.isOutdone(now, depth)) {
                expand(state);
            }
            if ((state & 0xFFF) == 0) {
                progress.accept(paths.size());
                isStopped = paths.size() >= maxStates || seconds(begun) > maxSeconds;
            }
        }
        Map<ActionKind, Long> counts = new EnumMap<>(ActionKind.class);
        for (ActionKind kind : ActionKind.values()) {
            counts.put(kind, enabled[kind.ordinal()] + moves.doneAtOnce(kind));
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
                if (fail(alarm, true, state, action)) {
                    return;
                }
                continue;
            }
            if (next.isSame(now)) {
                continue;
            }
            isEnd &= !isAwaited(ActionKind.of(action));
            transitions++;
            enabled[ActionKind.of(action).ordinal()]++;
            if (reach(next, state, action)) {
                String wrong = judge.safety(next);
                if (!wrong.isEmpty() && fail(wrong, true, state, action)) {
                    return;
                }
            }
        }
        String wrong = isEnd ? judge.liveness(now) : "";
        boolean mayStillHappen = bounds.hasCompleteNetwork() && !wrong.isEmpty() && !standstill.isIn(now);
        if (!wrong.isEmpty() && !mayStillHappen) {
            fail(wrong, false, state, -1);
        }
    }

    /** Where messages stay under way for ever, none of them has to arrive; see {@link Standstill}. */
    private boolean isAwaited(ActionKind kind) {
        return kind.mustHappen() && !(kind == ActionKind.DELIVER && bounds.hasCompleteNetwork());
    }

    /** Notes the state if it is new. */
    private boolean reach(World world, int from, int action) {
        boolean isNew = isCovering ? covered.add(world, action < 0 ? 0 : depth + 1) : seen.add(fingerprint.of(world));
        if (!isNew) {
            return false;
        }
        watch.reached(cast, world);
        world.write(frontier);
        paths.add(from, action);
        return true;
    }

    /** Notes what does not hold; whether the walk ends with it. */
    private boolean fail(String what, boolean ofSafety, int state, int lastAction) {
        if (watch.goesOnAfter(what)) {
            return false;
        }
        violation = what;
        isSafety = ofSafety;
        way = paths.to(state);
        if (lastAction != -1) {
            way.add(lastAction);
        }
        return true;
    }
}
