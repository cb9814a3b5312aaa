package dev.assent.simulation;

import java.util.Optional;

/** Runs one world: a safety phase with faults, a healing phase, and the question what is left. A function of its plan. */
public final class Simulation {
    private Simulation() {}

    /** Runs the plan without keeping a timeline. */
    public static RunResult run(Plan plan) {
        return run(plan, false);
    }

    /**
     * Runs the plan.
     *
     * @param isTraced whether the timeline is kept
     */
    public static RunResult run(Plan plan, boolean isTraced) {
        World world = new World(plan, isTraced, false);
        Optional<RunResult.Breach> breach = Optional.empty();
        try {
            run(world);
        } catch (Violation broken) {
            breach = Optional.of(breach(broken));
        } catch (AssertionError | RuntimeException broken) {
            if (!isOfACore(broken)) {
                throw broken;
            }
            breach = Optional.of(breach(new Violation(Violation.Law.CORE, broken.toString(), broken)));
        }
        return result(world, breach);
    }

    private static void run(World world) {
        WorldParameters parameters = world.parameters;
        world.nodes.forEach(NodeSlot::start);
        world.groups.forEach(group -> group.electSoon(1, 100));
        world.services.forEach(ServiceSlot::start);
        long last = 0;
        for (TransactionRun run : world.transactions) {
            last = Math.max(last, run.plan.beginsNanos());
            if (!world.plan.leftOut().contains(run.plan.number())) {
                world.at(run.plan.beginsNanos(), world.outside, run::begin);
            }
        }
        long tail = parameters.isCalm()
                ? 5 * WorldParameters.SECOND
                : Dice.scale(world.dice.bits(Purpose.WORLD, 1, 0), 200, 6_000) * WorldParameters.MILLI;
        new Disturbances(world).spread(last + tail);
        world.runUntil(last + tail);
        new Healing(world).run();
        new Reference(world).compare();
    }

    private static boolean isOfACore(Throwable broken) {
        StackTraceElement[] trace = broken.getStackTrace();
        for (StackTraceElement frame : trace) {
            if (frame.getClassName().startsWith("dev.assent.protocol.")) {
                return true;
            } else if (frame.getClassName().startsWith("dev.assent.simulation.")) {
                return false;
            }
        }
        return false;
    }

    private static RunResult.Breach breach(Violation broken) {
        return new RunResult.Breach(
                broken.law().name(), broken.law().isLiveness(), String.valueOf(broken.getMessage()));
    }

    private static RunResult result(World world, Optional<RunResult.Breach> breach) {
        return new RunResult(
                world.plan,
                world.parameters.text(),
                breach,
                world.judge.all().size(),
                world.hash(),
                world.events(),
                world.nowNanos,
                world.faults.counts(),
                world.marks.hit(),
                world.faults.struck().stream().map(Faults.Struck::bits).toList(),
                world.trace().stream().map(World.TraceLine::toString).toList());
    }
}
