package dev.assent.simulation.explore;

import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * A way through the world for people: one line an action, one column a process. In a column stands what happens there;
 * what a step sends or submits follows on lines of its own.
 */
final class Trace {
    private static final int COLUMN = 26;

    private final Bounds bounds;
    private final Cast cast;
    private final World before;
    private final World world;
    private final Moves moves;

    /**
     * @param cast that of the walk: actions name things by its numbers
     */
    Trace(Cast cast) {
        this.bounds = cast.bounds;
        this.cast = cast;
        this.before = cast.first();
        this.world = cast.first();
        this.moves = new Moves(cast, world);
    }

    /** Does the actions again. */
    List<String> of(List<Integer> actions) {
        List<String> lines = new ArrayList<>();
        lines.add(header());
        moves.settle();
        int number = 1;
        for (int action : actions) {
            before.set(world);
            lines.add(line(number++, action));
            moves.act(action);
            follows(lines);
        }
        if (!moves.alarm().isEmpty()) {
            lines.add("     ! " + moves.alarm());
        }
        return lines;
    }

    private String header() {
        StringBuilder header = new StringBuilder("     ");
        header.append(pad("initiator, log"));
        for (int node = 0; node < bounds.nodes(); node++) {
            header.append(pad("node" + node));
        }
        for (int slot = 0; slot < bounds.branches(); slot++) {
            header.append(pad("svc" + slot + ", db" + slot));
        }
        return header.toString().stripTrailing();
    }

    private String line(int number, int action) {
        int small = ActionKind.small(action);
        int large = ActionKind.large(action);
        return switch (ActionKind.of(action)) {
            case BEGIN -> at(number, 0, "begins in term " + large);
            case CALL -> at(number, slot(small), "is called");
            case WANT_COMMIT -> at(number, 0, "wants the commit");
            case REQUEST -> at(number, node(small), new String[] {"Begin", "Commit", "Rollback", "Outcome?"}[large]);
            case DELIVER, DUPLICATE, DROP -> message(number, action);
            case WORK -> at(number, slotOfWork(large), step(large));
            case REFUSE -> at(number, slotOfWork(large), step(large) + " fails");
            case READ_ONLY -> at(number, slotOfWork(large), "has written nothing");
            case APPEND ->
                at(
                        number,
                        0,
                        world.get(World.TERM) + ": "
                                + name(cast.submitted.value(large).record()));
            case APPLY -> at(number, node(small), "applies " + nextEntry(small, World.APPLIED));
            case TELL -> at(number, node(small), "is told " + nextEntry(small, World.TOLD_UP_TO));
            case ELECT -> at(number, node(small), "elected, term " + (world.get(World.TERM) + 1));
            case WON -> at(number, node(small), "LeadershipWon");
            case LOST -> at(number, node(small), "LeadershipLost");
            case NEWS -> at(number, slot(small), "hears of leader, term " + large);
            case MEET -> at(number, node(small), "meets new svc" + large);
            case NODE_TIMER -> at(number, node(small), "timer: " + Times.nameOf(large));
            case INSTANCE_TIMER -> at(number, slot(small), "timer: " + Times.nameOf(large));
            case CRASH_NODE -> at(number, node(small), "CRASHES");
            case CRASH_INSTANCE -> at(number, slot(small), "CRASHES");
            case SUSPECT -> at(number, node(small), "takes svc" + large + " for dead");
            case HEARD_AGAIN -> at(number, node(small), "hears of svc" + large + " again");
            case ABANDON -> at(number, node(small), "operator gives up on db" + large);
            case SETTLE -> at(number, node(small), "operator settles db" + large);
            case HAND -> at(number, slot(small), large == 1 ? "COMMITTED BY HAND" : "ROLLED BACK BY HAND");
        };
    }

    private String message(int number, int action) {
        int small = ActionKind.small(action);
        Message message = cast.messages.value(ActionKind.large(action));
        String how = ActionKind.of(action) == ActionKind.DROP ? " LOST" : "";
        if (message instanceof Message.Up up) {
            String from = " from svc" + Names.slotOf(up.from()) + (Names.lifeOf(up.from()) > 0 ? "'" : "");
            return at(number, node(small), "<- " + name(up.notice()) + from + how);
        }
        Message.Down down = (Message.Down) message;
        return at(number, slot(Names.slotOf(down.to())), "<- " + name(down.command()) + how);
    }

    private void follows(List<String> lines) {
        for (int i = 0; i < world.appends.size(); i++) {
            int number = world.appends.get(i);
            if (!before.appends.contains(number)) {
                Cast.Submitted submitted = cast.submitted.value(number);
                lines.add(at(0, node(submitted.node()), "  submits " + name(submitted.record())));
            }
        }
        int told = world.get(World.TOLD) & ~before.get(World.TOLD);
        if (told != 0) {
            lines.add(at(
                    0,
                    0,
                    "is told " + (told == Told.COMMITTED ? "COMMITTED" : told == Told.ABORTED ? "ABORTED" : "MIXED")));
        }
    }

    private String nextEntry(int node, int field) {
        Log.Prefix entry = cast.log.entry(world.get(World.LOG), world.ofNode(node, field) + 1);
        return name(entry.record()) + (entry.hasStood() ? "" : " (void)");
    }

    private int slotOfWork(int number) {
        return slot(Databases.slotOf(cast.work.value(number)));
    }

    private String step(int number) {
        return name(cast.work.value(number));
    }

    private static String name(Object value) {
        String name = value.getClass().getSimpleName();
        if (value instanceof Command.BranchAnswer answer) {
            return name + " " + answer.verdict();
        } else if (value instanceof Command.EnlistRefused refused) {
            return name + " " + refused.refusal();
        } else if (value instanceof dev.assent.protocol.message.Notice.Voted voted) {
            return name + " " + voted.vote().getClass().getSimpleName();
        } else if (value instanceof dev.assent.protocol.message.Notice.Reported reported) {
            return name + " " + reported.report();
        }
        return name;
    }

    private static int node(int node) {
        return 1 + node;
    }

    private int slot(int slot) {
        return 1 + bounds.nodes() + slot;
    }

    private static String at(int number, int column, String what) {
        String start = number == 0 ? "     " : String.format("%3d  ", number);
        return start + " ".repeat(column * COLUMN) + what;
    }

    private static String pad(String text) {
        return String.format("%-" + COLUMN + "s", text);
    }
}
