package dev.assent.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What an application does in one transaction, if nothing goes wrong.
 *
 * @param initiator the place that begins it
 * @param beginsNanos when
 * @param calls one after another
 * @param isPromising whether each call promises to be the last one that uses its branch, true or not
 * @param end how it ends
 * @param isBegunByCall by single calls, without the SDK's block of numbers
 */
record TransactionPlan(
        int number,
        int initiator,
        long beginsNanos,
        long thinkNanos,
        List<CallPlan> calls,
        boolean isPromising,
        End end,
        boolean isAnsweredEarly,
        boolean isBegunByCall) {
    enum End {
        COMMIT,
        ROLLBACK
    }

    /**
     * A call.
     *
     * @param slot the place that is called; the place itself, if it works in its own database
     * @param rows what it writes, none if it only reads
     * @param isAttempt whether its failure may be undone
     * @param below calls that the callee makes
     */
    record CallPlan(int slot, List<Integer> rows, boolean isAttempt, List<CallPlan> below) {}

    static TransactionPlan draw(World world, int number) {
        Luck luck = new Luck(number);
        Dice dice = world.dice;
        WorldParameters parameters = world.parameters;
        long begins = 500 * WorldParameters.MILLI
                + number * parameters.everyNanos()
                + dice.between(Purpose.SCRIPT, luck, 0, parameters.everyNanos());
        int calls = 1 + dice.below(Purpose.SCRIPT, luck, parameters.maxBranches());
        List<CallPlan> plans = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            plans.add(call(world, luck, 2));
        }
        boolean isCommit = dice.below(Purpose.SCRIPT, luck, 12) != 0;
        return new TransactionPlan(
                number,
                dice.below(Purpose.SCRIPT, luck, parameters.initiators()),
                begins,
                think(dice, luck, parameters),
                plans,
                isPromising(world, luck, plans),
                isCommit ? End.COMMIT : End.ROLLBACK,
                dice.below(Purpose.SCRIPT, luck, 3) == 0,
                dice.below(Purpose.SCRIPT, luck, 100) < parameters.callPercent());
    }

    /**
     * Only some worlds have it, so that what happens in the others stays as it was. A promise that is broken aborts, which
     * must not happen where nothing else goes wrong.
     */
    private static boolean isPromising(World world, Luck luck, List<CallPlan> plans) {
        boolean isDrawn = world.dice.below(Purpose.SHAPE, luck, 2) == 0
                && Dice.scale(world.dice.bits(Purpose.SHAPE, -1, 0), 0, 7) == 0;
        boolean isKept = plans.size() == 1 && plans.get(0).below().isEmpty();
        return isDrawn && (isKept || !world.parameters.isCalm());
    }

    /** Mostly it goes to work at once; some wait so long that the lease of their number ends. */
    private static long think(Dice dice, Luck luck, WorldParameters parameters) {
        boolean isLong = dice.below(Purpose.SCRIPT, luck, 12) == 0;
        return dice.between(
                Purpose.SCRIPT, luck, 0, isLong ? 4 * WorldParameters.SECOND : 2 * parameters.latencyNanos());
    }

    private static CallPlan call(World world, Luck luck, int depth) {
        Dice dice = world.dice;
        int writes = dice.below(Purpose.SCRIPT, luck, 5);
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(2, writes); i++) {
            rows.add(dice.below(Purpose.SCRIPT, luck, world.parameters.rows()));
        }
        boolean isAttempt = dice.below(Purpose.SCRIPT, luck, 5) == 0;
        List<CallPlan> below = new ArrayList<>();
        if (depth > 1 && dice.below(Purpose.SCRIPT, luck, 5) == 0) {
            below.add(call(world, luck, depth - 1));
        }
        return new CallPlan(
                dice.below(Purpose.SCRIPT, luck, world.parameters.processes()), List.copyOf(rows), isAttempt, below);
    }
}
