package dev.assent.simulation;

import dev.assent.protocol.branch.BranchSettings;
import dev.assent.protocol.coordinator.ShardSettings;
import dev.assent.protocol.initiator.InitiatorSettings;
import dev.assent.protocol.time.Backoff;
import java.util.List;

/**
 * What the seed draws of a world before anything happens in it, beside the faults.
 *
 * @param isCalm no fault of any kind: whatever can commit must
 * @param nodes of the coordinator, 1 to 5
 * @param shards 1 to 3
 * @param instances how many processes serve each resource
 * @param initiators processes that begin transactions: the first ones of all
 * @param maxBranches most resources that a transaction touches, 1 to 5
 * @param rows of each resource: few rows mean that transactions wait for each other
 * @param everyNanos on average a transaction begins this often
 * @param latencyNanos of a message on a good day, at most
 * @param stepNanos of a step in a database on a good day, at most
 * @param timeoutNanos of a transaction
 * @param log what the loops and logs of the nodes do
 * @param lockWaitNanos after which a statement stops waiting for a row
 * @param callPercent so many of a hundred transactions are begun and ended by single calls
 * @param databases what kind each resource's database is of
 * @param rowsListed how many evidence rows a listing shows
 * @param callsRemembered how many calls a process knows again
 */
record WorldParameters(
        boolean isCalm,
        int nodes,
        int shards,
        List<Integer> instances,
        int initiators,
        int maxBranches,
        int rows,
        long everyNanos,
        long latencyNanos,
        long stepNanos,
        long timeoutNanos,
        LogParameters log,
        long lockWaitNanos,
        int callPercent,
        List<DatabaseKind> databases,
        int rowsListed,
        int callsRemembered,
        ShardSettings shard,
        BranchSettings branch,
        InitiatorSettings initiator) {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;

    static WorldParameters draw(Dice dice) {
        Draws draws = new Draws(dice, new Luck(0));
        boolean isCalm = draws.below(10) == 0;
        int nodes = draws.of(3, 3, 3, 3, 5, 5, 1, 2, 4);
        int shards = draws.of(1, 1, 1, 2, 3);
        int resources = 1 + draws.below(5);
        List<Integer> instances = draws.list(resources, 1, 1, 2, 2, 3);
        int processes = instances.stream().mapToInt(Integer::intValue).sum();
        long timeout = isCalm ? 60 * SECOND : draws.nanos(MILLI, 300, 1_000, 5_000, 5_000, 30_000);
        return new WorldParameters(
                isCalm,
                nodes,
                shards,
                instances,
                Math.min(processes, 1 + draws.below(3)),
                1 + draws.below(Math.min(5, processes)),
                draws.of(2, 8, 40, 200),
                draws.nanos(MICRO, 500, 2_000, 10_000, 50_000),
                draws.nanos(MICRO, 300, 1_000, 5_000),
                draws.nanos(MICRO, 300, 2_000, 10_000),
                timeout,
                new LogParameters(
                        draws.nanos(MILLI, 1_000, 3_000, 10_000),
                        draws.of(1, 1, 2),
                        draws.of(1, 3, 1_000),
                        draws.of(2, 5, 20, 1_000)),
                draws.nanos(MILLI, 50, 500, 3_000),
                draws.of(0, 0, 15, 50),
                draws.kinds(resources),
                draws.of(256, 256, 8, 1),
                draws.of(65_536, 65_536, 4, 1),
                shard(draws, isCalm, timeout),
                branch(draws),
                initiator(draws));
    }

    private static ShardSettings shard(Draws draws, boolean isCalm, long timeout) {
        return new ShardSettings(
                timeout,
                Math.max(timeout, 10 * SECOND),
                isCalm ? 20 * SECOND : draws.nanos(MILLI, 100, 500, 5_000),
                draws.nanos(MILLI, 100, 1_000, 5_000),
                draws.nanos(MILLI, 1_500, 3_000, 10_000),
                isCalm ? 600 * SECOND : draws.nanos(MILLI, 1_000, 4_000, 600_000),
                draws.nanos(MILLI, 100, 300, 1_000),
                draws.nanos(MILLI, 500, 5_000, 30_000),
                draws.of(0, 0, 300, 64 << 20),
                draws.nanos(MILLI, 1, 1, 2_000, 3_600_000),
                draws.nanos(MILLI, 300, 2_000, 10_000),
                draws.of(100_000, 100_000, 20));
    }

    private static BranchSettings branch(Draws draws) {
        long ask = draws.nanos(MILLI, 50, 300, 2_000);
        long prepareTimeout = draws.nanos(MILLI, 100, 500, 5_000);
        long recoverEvery = draws.nanos(MILLI, 50, 500, 2_000, 10_000);
        return new BranchSettings(
                new Backoff(draws.nanos(MILLI, 50, 500), 5 * SECOND),
                new Backoff(ask, 10 * ask),
                new Backoff(draws.nanos(MILLI, 20, 100), 2 * SECOND),
                10 * SECOND,
                prepareTimeout,
                draws.nanos(MILLI, 100, 2_000),
                recoverEvery,
                draws.nanos(MILLI, 200, 2_000, 10_000),
                draws.nanos(MILLI, 20, 200),
                draws.of(4, 65_536, 65_536));
    }

    private static InitiatorSettings initiator(Draws draws) {
        return new InitiatorSettings(
                new Backoff(draws.nanos(MILLI, 100, 500), 5 * SECOND),
                new Backoff(draws.nanos(MILLI, 50, 500), 5 * SECOND),
                draws.of(1, 256, 1_000),
                draws.of(2, 65_536, 65_536),
                draws.nanos(MILLI, 500, 5_000));
    }

    int processes() {
        return instances.stream().mapToInt(Integer::intValue).sum();
    }

    /** One line a parameter, for people. */
    String text() {
        return """
                nodes %d, shards %d, processes of each resource %s, of which %d begin transactions%s
                at most %d branches, %d rows a resource, a transaction every %s, message %s, step %s
                timeout %s, lock wait %s, %d %% begun by single calls, %s
                databases %s, %d rows in a listing, %d calls remembered
                %s
                %s
                %s""".formatted(
                        nodes,
                        shards,
                        instances,
                        initiators,
                        isCalm ? "; calm: no fault at all" : "",
                        maxBranches,
                        rows,
                        Nanos.text(everyNanos),
                        Nanos.text(latencyNanos),
                        Nanos.text(stepNanos),
                        Nanos.text(timeoutNanos),
                        Nanos.text(lockWaitNanos),
                        callPercent,
                        log,
                        databases,
                        rowsListed,
                        callsRemembered,
                        shard,
                        branch,
                        initiator);
    }

    /**
     * What the loops and logs of the nodes do.
     *
     * @param uncertainNanos after which a leader that learns no fate gives up
     * @param packsOutstanding packs whose fate may be open at a time
     * @param packRecords most records of a pack
     * @param snapshotEntries a replica takes a snapshot after so many entries
     */
    record LogParameters(long uncertainNanos, int packsOutstanding, int packRecords, int snapshotEntries) {}

    /** The draws of a world, one after another. */
    private record Draws(Dice dice, Luck luck) {
        int below(int count) {
            return dice.below(Purpose.WORLD, luck, count);
        }

        int of(int... choices) {
            return choices[below(choices.length)];
        }

        long nanos(long unit, int... choices) {
            return unit * of(choices);
        }

        List<Integer> list(int size, int... choices) {
            List<Integer> list = new java.util.ArrayList<>();
            for (int i = 0; i < size; i++) {
                list.add(of(choices));
            }
            return List.copyOf(list);
        }

        List<DatabaseKind> kinds(int size) {
            return list(size, 0, 1, 2).stream()
                    .map(n -> DatabaseKind.values()[n])
                    .toList();
        }
    }
}
