package dev.assent.benchmarks.micro;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the pure core and its replicated state take for one transaction; no bytes, no threads, no disk. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ShardCoreBenchmark {
    private final OneShard shard = new OneShard();

    @Benchmark
    public long transaction(CpuTime time) {
        time.operations++;
        return shard.transaction(shard::plain);
    }
}
