package dev.assent.it;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A ledger as a process of its own: {@code <name> <port> <coordinators> <directory>}. Prints {@code READY} once it
 * serves.
 */
final class ParticipantProcess {
    private ParticipantProcess() {}

    public static void main(String[] arguments) throws Exception {
        Participant participant =
                new Participant(Path.of(arguments[3]), arguments[0], arguments[2], Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(participant::close, "stop"));
        System.out.println("READY " + participant.port());
        new CountDownLatch(1).await();
    }
}
