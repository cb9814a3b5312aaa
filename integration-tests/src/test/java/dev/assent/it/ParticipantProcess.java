package dev.assent.it;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A ledger as a process of its own: {@code <name> <port> <coordinators> <directory> [<point>]}. Stops at the
 * point, if one is named. Prints {@code READY} once it serves.
 */
final class ParticipantProcess {
    private ParticipantProcess() {}

    public static void main(String[] arguments) throws Exception {
        ArmedFault faults = new ArmedFault();
        if (arguments.length > 4) {
            faults.stop().answer(new String[] {"hold", arguments[4]});
        }
        Participant participant = new Participant(
                Path.of(arguments[3]), arguments[0], arguments[2], Integer.parseInt(arguments[1]), faults);
        Runtime.getRuntime().addShutdownHook(new Thread(participant::close, "stop"));
        System.out.println("READY " + participant.port());
        new CountDownLatch(1).await();
    }
}
