package dev.assent.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs one world: a safety phase with faults, a healing phase, and the question what is left. A function of its plan. */
public final class Simulation {
    private Simulation() {}

    /** What is kept of a run beside its result; it changes nothing in it. */
    public enum Watch {
        NOTHING,
        /** One line for whatever happens. */
        TIMELINE,
        /** Which state met which input. */
        COVERAGE
    }

    /** What the seed draws before anything happens, for people. */
    public static String parametersOf(Plan plan) {
        Dice dice = new Dice(plan.seed());
        WorldParameters parameters = WorldParameters.draw(dice);
        return parameters.text() + "\n" + new Faults(dice, plan, parameters.isCalm()).text() + "\n"
                + FaultRules.text(FaultRules.draw(plan), plan.rulesOff());
    }

    /** Runs the plan and keeps nothing but the result. */
    public static RunResult run(Plan plan) {
        return run(plan, Watch.NOTHING);
    }

    /**
     * Runs the plan.
     *
     * @throws RuntimeException if the simulator itself is broken
     */
    public static RunResult run(Plan plan, Watch watch) {
        return run(new World(plan, watch == Watch.TIMELINE, watch == Watch.COVERAGE));
    }

    static RunResult run(World world) {
        Optional<RunResult.Breach> breach = Optional.empty();
        try {
            live(world);
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

    private static void live(World world) {
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
                breach,
                world.judge.all().size(),
                world.hash(),
                world.events(),
                world.nowNanos,
                world.faults.counts(),
                world.points.counts(),
                world.points.rules().size(),
                world.marks.hit(),
                world.coverage.visited(),
                struck(world),
                world.trace().stream().map(World.TraceLine::toString).toList());
    }

    private static List<Long> struck(World world) {
        List<Long> struck = new ArrayList<>();
        world.faults.struck().forEach(fault -> struck.add(fault.bits()));
        struck.addAll(world.points.struck());
        return struck;
    }
}
