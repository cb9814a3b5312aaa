package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.fault.FaultAction;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPlan;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.fault.FaultRule;
import dev.assent.simulation.Strike.Fate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The named steps of the shells, the same ones at which the real shells can be struck. Each visit is counted, and the rules
 * that this world has drawn say whether something goes wrong; without a rule for the point nothing else is done.
 */
final class FaultPoints {
    private static final FaultPoint[] POINTS = FaultPoint.values();
    /** Under this number and those after it a rule's strikes are drawn, so that they have names. */
    private static final long STRIKES = 1_000;

    private final World world;
    private final List<FaultRule> rules;
    private final FaultPlan plan;
    private final boolean[] isArmed = new boolean[POINTS.length];
    private final long[] hits = new long[POINTS.length];
    private final long[] strikes = new long[POINTS.length];
    private final long[] crashes = new long[POINTS.length];
    private final long[] strikesOfRule;
    private final Map<Disk, Long> failingUntilNanos = new HashMap<>();
    private final List<Long> struck = new ArrayList<>();

    FaultPoints(World world, List<FaultRule> rules) {
        this.world = world;
        this.rules = List.copyOf(rules);
        this.strikesOfRule = new long[rules.size()];
        List<FaultRule> on = FaultRules.without(rules, world.plan.rulesOff());
        on.forEach(rule -> isArmed[number(rule.point())] = true);
        this.plan = new FaultPlan(on);
    }

    /** Its place among all: where it is counted. */
    @SuppressWarnings("EnumOrdinal")
    private static int number(FaultPoint point) {
        return point.ordinal();
    }

    /** What the seed has drawn, with what is left out. */
    List<FaultRule> rules() {
        return rules;
    }

    /** Whether a rule stops nodes, or is about their snapshots. */
    boolean needSnapshots() {
        return rules.stream().anyMatch(FaultPoints::needsSnapshots);
    }

    private static boolean needsSnapshots(FaultRule rule) {
        boolean isOfNode = rule.point().side() == FaultPoint.Side.COORDINATOR;
        return rule.point() == FaultPoint.SNAPSHOT_BEFORE_RENAME || (isOfNode && FaultRules.isEnd(rule.action()));
    }

    /** A step that is about no transaction. */
    Strike at(Actor actor, FaultPoint point) {
        return at(actor, point, (Xid) null);
    }

    /** A step of a transaction, if it is known of which. */
    Strike at(Actor actor, FaultPoint point, @Nullable Xid xid) {
        hits[number(point)]++;
        if (!isArmed[number(point)] || world.faults.isOver()) {
            return Strike.NONE;
        }
        return visit(actor, point, xid == null ? FaultPlace.UNKNOWN : FaultPlace.of(xid));
    }

    /** A step of a shard that belongs to no transaction. */
    Strike atShard(Actor actor, FaultPoint point, int shard) {
        hits[number(point)]++;
        if (!isArmed[number(point)] || world.faults.isOver()) {
            return Strike.NONE;
        }
        return visit(actor, point, FaultPlace.ofShard(shard));
    }

    /** A step of a branch. */
    Strike at(Actor actor, FaultPoint point, BranchRef branch) {
        hits[number(point)]++;
        if (!isArmed[number(point)] || world.faults.isOver()) {
            return Strike.NONE;
        }
        return visit(actor, point, FaultPlace.of(branch.xid(), branch.branch()));
    }

    private Strike visit(Actor actor, FaultPoint point, FaultPlace place) {
        Optional<FaultRule> rule =
                plan.visit(point, place).filter(it -> isOn(it, actor)).or(() -> failing(point, actor));
        return rule.map(it -> strike(actor, it)).orElse(Strike.NONE);
    }

    private boolean isOn(FaultRule rule, Actor actor) {
        int number = numberOf(rule);
        long bits = world.dice.bits(Purpose.FAULT_RULE, STRIKES + number, strikesOfRule[number]++);
        if (world.plan.faultsOff().contains(bits)) {
            return false;
        }
        struck.add(bits);
        world.hash(bits);
        if (rule.action().isOfDisk()) {
            failingUntilNanos.put(
                    new Disk(number, actor.place), world.nowNanos + rule.millis() * WorldParameters.MILLI);
        }
        return true;
    }

    /** A disk that has begun to fail may go on doing so, though its node starts again. */
    private Optional<FaultRule> failing(FaultPoint point, Actor actor) {
        for (int i = 0; i < rules.size(); i++) {
            boolean isFailing = rules.get(i).point() == point
                    && failingUntilNanos.getOrDefault(new Disk(i, actor.place), 0L) > world.nowNanos;
            if (isFailing) {
                return Optional.of(rules.get(i));
            }
        }
        return Optional.empty();
    }

    private record Disk(int rule, int place) {}

    @SuppressWarnings("ReferenceEquality")
    private int numberOf(FaultRule rule) {
        for (int i = 0; i < rules.size(); i++) {
            // Two rules may say the same.
            if (rules.get(i) == rule) {
                return i;
            }
        }
        throw new AssertionError("a rule of another world: " + rule);
    }

    private Strike strike(Actor actor, FaultRule rule) {
        strikes[number(rule.point())]++;
        world.trace(
                actor,
                () -> "at " + rule.point().label() + ": " + rule.action().label()
                        + (rule.action() == FaultAction.DELAY ? " of " + rule.millis() + " ms" : ""));
        return switch (rule.action()) {
            case HALT, KILL -> {
                crashes[number(rule.point())]++;
                world.outside.crash(actor);
                yield new Strike(Fate.ENDED, 0);
            }
            case THROW, FAIL, FULL -> new Strike(Fate.FAILS, 0);
            case DELAY -> new Strike(Fate.WAITS, rule.millis() * WorldParameters.MILLI);
            case DROP -> new Strike(Fate.IS_LOST, 0);
            case DUPLICATE -> new Strike(Fate.COMES_TWICE, 0);
        };
    }

    /** The strikes, by bits that name them in every run of the seed. */
    List<Long> struck() {
        return struck;
    }

    Map<FaultPoint, PointCount> counts() {
        Map<FaultPoint, PointCount> all = new EnumMap<>(FaultPoint.class);
        for (FaultPoint point : POINTS) {
            int at = number(point);
            all.put(point, new PointCount(hits[at], strikes[at], crashes[at]));
        }
        return all;
    }
}
