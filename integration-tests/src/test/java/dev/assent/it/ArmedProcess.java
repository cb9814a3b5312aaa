package dev.assent.it;

import dev.assent.protocol.fault.FaultPoint;
import dev.assent.testkit.ChildJvm;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A child process that can be held at a step, killed, paused, and started again. Not thread-safe. */
final class ArmedProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    private final String name;
    private final Path directory;
    private final Class<?> mainClass;
    private final List<String> arguments;
    private final String readyLine;
    private int lives;
    private boolean isPaused;
    private ChildJvm process;
    private ManagedChannel control;

    /**
     * Starts it and waits until it serves.
     *
     * @param readyLine begins the line that names the port where it is told what to do
     */
    ArmedProcess(String name, Path directory, Class<?> mainClass, List<String> arguments, String readyLine) {
        this.name = name;
        this.directory = directory;
        this.mainClass = mainClass;
        this.arguments = List.copyOf(arguments);
        this.readyLine = readyLine;
        this.process = launch(List.of());
        this.control = dial();
    }

    private ChildJvm launch(List<String> more) {
        lives++;
        isPaused = false;
        List<String> all = new ArrayList<>(arguments);
        all.addAll(more);
        return ChildJvm.start(
                name,
                directory.resolve(name + "-life-" + lives + ".log"),
                List.of("-Xmx192m"),
                mainClass.getName(),
                all);
    }

    private ManagedChannel dial() {
        String port = process.awaitLine(readyLine, START).split(" ", -1)[0];
        return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .build();
    }

    /** Its next life, after it died; waits until it serves. */
    void restart() {
        restart(List.of());
    }

    /** The same, to be held at the first visit of a point. */
    void restartHeldAt(FaultPoint point) {
        restart(List.of(point.label()));
    }

    private void restart(List<String> more) {
        process.close();
        control.shutdownNow();
        process = launch(more);
        control = dial();
    }

    String say(String text, long patienceSeconds) {
        return TextCall.say(control, text, patienceSeconds);
    }

    String say(String text) {
        return TextCall.say(control, text);
    }

    /** Whoever comes to the point first stands there; a thread that stands elsewhere goes on. */
    void hold(FaultPoint point) {
        say("hold " + point.label());
    }

    /** The transaction at whose step a thread stands, or {@link Stop#NO_XID}; empty if none does. */
    Optional<String> held() {
        if (!isAwake()) {
            return Optional.empty();
        }
        try {
            return Optional.of(say("held")).filter(xid -> !xid.isEmpty());
        } catch (StatusRuntimeException died) {
            return Optional.empty();
        }
    }

    /** Lets it go on, if it still can. */
    void release() {
        if (isAwake()) {
            say("release");
        }
    }

    boolean isAwake() {
        return process.isAlive() && !isPaused;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() {
        process.kill();
    }

    void pause() {
        isPaused = true;
        process.pause();
    }

    void resume() {
        process.resume();
        isPaused = false;
    }

    String tail() {
        return process.tail();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        control.shutdownNow();
        process.close();
    }
}
