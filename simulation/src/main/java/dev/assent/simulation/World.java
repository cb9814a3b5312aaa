package dev.assent.simulation;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.fault.FaultRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is: nodes with replicas, services with databases, networks and people, in one thread under one virtual
 * time. What happens next is the earliest event, ties in the order in which they were put in; a run is a function of its
 * plan.
 */
final class World {
    static final ClusterId CLUSTER = new ClusterId("sim", "cluster1");
    private static final long COUNT_ACTOR = 0x9E3779B97F4A7C15L;

    final Plan plan;
    final Dice dice;
    final WorldParameters parameters;
    final Faults faults;
    final FaultPoints points;
    final Marks marks = new Marks();
    final Coverage coverage;
    final Outside outside;
    final Network network;
    final Judge judge;
    final Operators operators;
    final Forger forger;
    final List<RaftGroup> groups = new ArrayList<>();
    final List<NodeSlot> nodes = new ArrayList<>();
    final List<Database> databases = new ArrayList<>();
    final List<ServiceSlot> services = new ArrayList<>();
    final List<TransactionRun> transactions = new ArrayList<>();
    private final EventQueue queue = new EventQueue();
    private final @Nullable List<TraceLine> trace;
    private int places;
    private long hash;
    private long events;
    long nowNanos;

    World(Plan plan, boolean isTraced, boolean isCovered) {
        this(plan, FaultRules.draw(plan), isTraced, isCovered);
    }

    /** With rules of somebody's own instead of those that the seed draws. */
    World(Plan plan, List<FaultRule> rules, boolean isTraced, boolean isCovered) {
        this.plan = plan;
        this.dice = new Dice(plan.seed());
        this.parameters = WorldParameters.draw(dice);
        this.faults = new Faults(dice, plan, parameters.isCalm());
        this.points = new FaultPoints(this, rules);
        this.trace = isTraced ? new ArrayList<>() : null;
        this.coverage = new Coverage(isCovered);
        this.outside = new Outside(this, newPlace());
        this.network = new Network(this);
        this.judge = new Judge(this);
        this.operators = new Operators(this);
        this.forger = new Forger(this);
        for (int i = 0; i < parameters.nodes(); i++) {
            nodes.add(new NodeSlot(this, i, newPlace()));
        }
        for (int i = 0; i < parameters.shards(); i++) {
            groups.add(new RaftGroup(this, i));
        }
        for (int i = 0; i < parameters.instances().size(); i++) {
            Database database =
                    new Database(this, resource(i), parameters.databases().get(i));
            databases.add(database);
            for (int k = 0; k < parameters.instances().get(i); k++) {
                services.add(new ServiceSlot(this, services.size(), database));
            }
        }
        for (int i = 0; i < plan.transactions(); i++) {
            transactions.add(new TransactionRun(this, TransactionPlan.draw(this, i)));
        }
    }

    static ResourceName resource(int number) {
        return new ResourceName("db-" + number);
    }

    /** Whether nothing goes wrong: then whatever can commit must. */
    boolean isCalm() {
        return parameters.isCalm() && points.rules().isEmpty();
    }

    int newPlace() {
        return places++;
    }

    // ---- time ----

    /** Something happens to the actor at this instant, if it is alive then. */
    void at(long nanos, Actor actor, Runnable action) {
        queue.add(Math.max(nanos, nowNanos), actor, action);
    }

    void after(long nanos, Actor actor, Runnable action) {
        queue.add(nowNanos + nanos, actor, action);
    }

    /** Goes on to this instant, or until nothing happens any more. */
    void runUntil(long nanos) {
        while (!queue.isEmpty() && queue.firstNanos() <= nanos) {
            Actor actor = queue.firstActor();
            Runnable action = queue.firstAction();
            nowNanos = queue.firstNanos();
            queue.removeFirst();
            if (actor.isAlive) {
                happen(actor, action);
            }
        }
        nowNanos = Math.max(nowNanos, nanos);
    }

    private void happen(Actor actor, Runnable action) {
        if (actor.pausedUntilNanos > nowNanos) {
            queue.add(actor.pausedUntilNanos, actor, action);
            return;
        }
        events++;
        hash = Dice.mix(hash + nowNanos + actor.place * COUNT_ACTOR);
        action.run();
    }

    // ---- what is remembered ----

    /** Makes a difference between two runs visible, whatever it is about. */
    void hash(long bits) {
        hash = Dice.mix(hash ^ bits);
    }

    long hash() {
        return hash;
    }

    long events() {
        return events;
    }

    boolean isTraced() {
        return trace != null;
    }

    /** Tells people what happened; nobody else. */
    void trace(Actor actor, Supplier<String> what) {
        if (trace != null) {
            trace.add(new TraceLine(nowNanos, actor.name, what.get()));
        }
    }

    List<TraceLine> trace() {
        return trace == null ? List.of() : trace;
    }

    /**
     * A line of the timeline.
     *
     * @param actor who did it
     */
    record TraceLine(long nanos, String actor, String what) {
        @Override
        public String toString() {
            return Nanos.instant(nanos) + "  " + "%-10s".formatted(actor) + "  " + what;
        }
    }
}
