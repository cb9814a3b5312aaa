package dev.assent.simulation;

import dev.assent.simulation.FaultKind.Level;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which faults strike. Knows how much of each kind this world has, and counts. */
final class Faults {
    private static final FaultKind[] KINDS = FaultKind.values();
    private static final int MILLION = 1_000_000;

    /**
     * A fault that struck.
     *
     * @param bits that drew it; they name it in every run of the seed
     */
    record Struck(FaultKind kind, long bits) {}

    private final Dice dice;
    private final Plan plan;
    private final Level[] levels = new Level[KINDS.length];
    private final int[] perMillion = new int[KINDS.length];
    private final int[] counts = new int[KINDS.length];
    private final List<Struck> struck = new ArrayList<>();
    private boolean isOver;

    Faults(Dice dice, Plan plan, boolean isCalm) {
        this.dice = dice;
        this.plan = plan;
        for (FaultKind kind : KINDS) {
            int draw = (int) Dice.scale(dice.bits(Purpose.FAULT_LEVEL, kind.number(), 0), 0, 9);
            Level level = draw < 5 ? Level.OFF : draw < 8 ? Level.RARE : Level.FREQUENT;
            levels[kind.number()] = isCalm || plan.kindsOff().contains(kind) ? Level.OFF : level;
            perMillion[kind.number()] = kind.perMillion(levels[kind.number()]);
        }
    }

    Level level(FaultKind kind) {
        return levels[kind.number()];
    }

    /** What there is of which kind, for people. */
    String text() {
        List<String> rare = new ArrayList<>();
        List<String> frequent = new ArrayList<>();
        for (FaultKind kind : KINDS) {
            if (level(kind) != Level.OFF) {
                (level(kind) == Level.RARE ? rare : frequent).add(kind.name());
            }
        }
        return "rare " + rare + ", frequent " + frequent;
    }

    /** Whether a fault strikes at this occasion. */
    boolean strikes(FaultKind kind, Luck luck) {
        int chance = perMillion[kind.number()];
        if (chance == 0) {
            return false;
        }
        long bits = dice.bits(Purpose.FAULT, luck.actor * KINDS.length + kind.number(), luck.next(kind));
        return !isOver && Long.remainderUnsigned(bits, MILLION) < chance && strikes(kind, bits);
    }

    /** Whether a fault that was drawn by these bits strikes. */
    boolean strikes(FaultKind kind, long bits) {
        if (isOver || levels[kind.number()] == Level.OFF || plan.faultsOff().contains(bits)) {
            return false;
        }
        counts[kind.number()]++;
        struck.add(new Struck(kind, bits));
        return true;
    }

    /** From now on nothing strikes. */
    void end() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }

    List<Struck> struck() {
        return struck;
    }

    Map<FaultKind, Long> counts() {
        Map<FaultKind, Long> all = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : KINDS) {
            if (counts[kind.number()] > 0) {
                all.put(kind, (long) counts[kind.number()]);
            }
        }
        return all;
    }
}
