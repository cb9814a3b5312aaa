package dev.assent.simulation;

import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import org.jspecify.annotations.Nullable;

/** The streams of one process to all nodes, and whom it takes for the leader of each shard. */
final class Sessions {
    private static final int NOBODY = -1;
    private final ServiceProcess process;
    private final World world;
    private final @Nullable Stream[] streams;
    private final int[] unreached;
    private final int[] dials;
    private final long[][] announced;
    private final int[] leaders;

    Sessions(ServiceProcess process) {
        this.process = process;
        this.world = process.world;
        int nodes = world.nodes.size();
        this.streams = new Stream[nodes];
        this.unreached = new int[nodes];
        this.dials = new int[nodes];
        this.announced = new long[nodes][world.groups.size()];
        this.leaders = new int[world.groups.size()];
        java.util.Arrays.fill(leaders, NOBODY);
    }

    void start() {
        for (int i = 0; i < streams.length; i++) {
            dial(i);
        }
        beat();
    }

    private void beat() {
        for (int i = 0; i < streams.length; i++) {
            Stream stream = streams[i];
            if (stream == null || !stream.isWelcomed()) {
                continue;
            }
            unreached[i] = world.network.passesBothWays(process, stream.node) ? 0 : unreached[i] + 1;
            if (unreached[i] > 3) {
                unreached[i] = 0;
                stream.breaks();
            } else {
                stream.heartbeat();
            }
        }
        world.after(world.parameters.shard().sessionLeaseNanos() / 4, process, this::beat);
    }

    private void dial(int index) {
        Node node = world.nodes.get(index).node();
        if (streams[index] != null) {
            return;
        }
        if (node == null) {
            dialLater(index);
            return;
        }
        if (dials[index]++ > 0) {
            world.marks.sometimes(Mark.STREAM_REOPENED);
        }
        Stream dialled = new Stream(process, node);
        streams[index] = dialled;
        dialled.hello();
        world.after(2 * WorldParameters.SECOND, process, () -> {
            if (streams[index] == dialled && !dialled.isWelcomed()) {
                dialled.abandonedByProcess();
                streams[index] = null;
                dialLater(index);
            }
        });
    }

    private void dialLater(int index) {
        long wait = world.dice.between(Purpose.DISTURBANCE, process.luck, 50, 1_000) * WorldParameters.MILLI;
        world.after(wait, process, () -> dial(index));
    }

    /**
     * A stream was taken up.
     *
     * @return false if it threw
     */
    boolean welcomed(Stream stream, long[] leads) {
        boolean goesOn = true;
        for (int shard = 0; shard < leads.length && goesOn && process.isAlive; shard++) {
            goesOn = leads[shard] == 0 || announced(stream, shard, leads[shard]);
        }
        return goesOn;
    }

    /**
     * A node says that it leads. An older leader that does not know of its successor yet changes nothing.
     *
     * @return false if it threw
     */
    boolean announced(Stream from, int shard, long term) {
        int index = from.node.slot.index;
        if (streams[index] == from) {
            announced[index][shard] = term;
            choose(shard);
            if (leaders[shard] == index) {
                return process.leaderReady(shard, term);
            }
        }
        return true;
    }

    void ended(Stream over) {
        int index = over.node.slot.index;
        if (streams[index] == over) {
            streams[index] = null;
            for (int shard = 0; shard < leaders.length; shard++) {
                announced[index][shard] = 0;
                choose(shard);
            }
            dialLater(index);
        }
    }

    private void choose(int shard) {
        int best = NOBODY;
        for (int i = 0; i < streams.length; i++) {
            if (announced[i][shard] > (best == NOBODY ? 0 : announced[best][shard])) {
                best = i;
            }
        }
        leaders[shard] = best;
    }

    private @Nullable Stream leader(int shard) {
        Stream stream = leaders[shard] == NOBODY ? null : streams[leaders[shard]];
        return stream != null && stream.isWelcomed() ? stream : null;
    }

    void tell(int shard, Notice notice) {
        Stream leader = leader(shard);
        world.trace(process, () -> "tells " + (leader == null ? "nobody" : leader.node) + " " + notice);
        if (leader != null) {
            leader.tell(shard, notice);
        }
    }

    void ask(int shard, long number, Request request) {
        Stream leader = leader(shard);
        world.trace(process, () -> "asks " + (leader == null ? "nobody" : leader.node) + " #" + number + " " + request);
        if (leader != null) {
            leader.ask(shard, number, request);
        }
    }

    /** Breaks the stream to this node, if there is one. */
    void breakStream(int index) {
        Stream stream = streams[index];
        if (stream != null) {
            stream.breaks();
        }
    }

    void processLeft() {
        for (Stream stream : streams) {
            if (stream != null) {
                stream.processLeft();
            }
        }
    }

    void processDied() {
        for (Stream stream : streams) {
            if (stream != null) {
                stream.processDied();
            }
        }
    }
}
