package dev.assent.coordinator.shard;

import dev.assent.benchmarks.micro.CpuTime;
import dev.assent.benchmarks.micro.OneShard;
import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.fault.PlannedFaults;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The shard's work for one transaction with the seam's calls where {@link ShardTurn} has them and no fault planned, and
 * the same without them. In the shard's package, since the real calls are nobody else's business.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FaultSeamBenchmark {
    private final OneShard shard = new OneShard();
    private final FaultProbe unplanned = new FaultProbe(FaultSeam.NONE);
    private final FaultProbe planned = new FaultProbe(PlannedFaults.parse("leader.lost:halt"));

    @Benchmark
    public long withoutSeam(CpuTime time) {
        time.operations++;
        return shard.transaction(shard::plain);
    }

    @Benchmark
    public long seamWithoutPlan(CpuTime time) {
        time.operations++;
        return shard.transaction(input -> probed(unplanned, input));
    }

    /** What is to be seen here must be seen: a plan that never strikes is looked at each time. */
    @Benchmark
    public long seamWithPlan(CpuTime time) {
        time.operations++;
        return shard.transaction(input -> probed(planned, input));
    }

    private void probed(FaultProbe faults, Input input) {
        if (input instanceof Input.Applied applied) {
            faults.ownApplied(applied);
        }
        faults.beforeInput(input);
        for (Effect effect : shard.on(input)) {
            if (effect instanceof Effect.Append append) {
                List<LogRecord> pack = List.of(append.record());
                faults.beforeAppend(pack);
                shard.append(pack);
                faults.appended(pack);
            } else {
                faults.beforeDelivery(effect);
                shard.take(effect);
            }
        }
        faults.flushed();
    }
}
