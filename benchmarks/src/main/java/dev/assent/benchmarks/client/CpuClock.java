package dev.assent.benchmarks.client;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU time of this process and of the nodes, as the operating system counts it: compilation and garbage collection
 * included, to a hundredth of a second. Immutable.
 */
final class CpuClock {
    private final List<ProcessHandle> processes;
    private final List<Duration> begun;

    /** CPU seconds since the clock was started. */
    record Spent(double ownSeconds, List<Double> otherSeconds) {}

    private CpuClock(List<ProcessHandle> processes) {
        this.processes = processes;
        this.begun = processes.stream().map(CpuClock::cpu).toList();
    }

    /** Starts now. */
    static CpuClock start(List<Long> others) {
        Stream<ProcessHandle> handles = others.stream()
                .map(pid -> ProcessHandle.of(pid)
                        .orElseThrow(() -> new IllegalStateException("process " + pid + " does not run")));
        return new CpuClock(
                Stream.concat(Stream.of(ProcessHandle.current()), handles).toList());
    }

    Spent spent() {
        double[] seconds = new double[processes.size()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = cpu(processes.get(i)).minus(begun.get(i)).toNanos() / 1e9;
        }
        return new Spent(
                seconds[0], java.util.Arrays.stream(seconds).skip(1).boxed().toList());
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(
                        () -> new IllegalStateException("the system tells no CPU time of process " + process.pid()));
    }
}
