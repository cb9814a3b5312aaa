package dev.assent.benchmarks.micro;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Counts the CPU time of the benchmark's thread beside JMH's clock, which on a busy machine measures its neighbours. JMH
 * reads the public fields after each iteration.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CpuTime {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long begunNanos;

    /** Of this thread in the iteration. */
    public long cpuNanos;

    /** Operations of this thread in the iteration; the benchmark counts them. */
    public long operations;

    @Setup(Level.Iteration)
    public void begin() {
        begunNanos = threads.getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void end() {
        cpuNanos = threads.getCurrentThreadCpuTime() - begunNanos;
    }
}
