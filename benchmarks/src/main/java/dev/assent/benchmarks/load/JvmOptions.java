package dev.assent.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/** What nodes and client run with: the launcher's options for a server, in place of a test's frugal ones. Stateless. */
final class JvmOptions {
    private JvmOptions() {}

    static List<String> of(LoadRun run) {
        List<String> options = new ArrayList<>(List.of(
                "-XX:-UseSerialGC",
                "-XX:+UseG1GC",
                "-XX:TieredStopAtLevel=4",
                "-Xmx1g",
                "-XX:MetaspaceSize=96m",
                "-XX:MaxDirectMemorySize=512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dassent.log.level=WARN"));
        // The file's name is the JVM's own, with the process's number in it: all of them record into one directory.
        run.recordings()
                .ifPresent(directory -> options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,delay="
                        + Math.max(1, run.warmUpSeconds()) + "s,filename=" + directory.toAbsolutePath()));
        return options;
    }
}
