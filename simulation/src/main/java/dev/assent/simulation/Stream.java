package dev.assent.simulation;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;

/** A stream between a process and a node. Each end learns by itself that it is over. */
final class Stream {
    final ServiceProcess process;
    final Node node;
    private final World world;
    private final Network.Lane toNode = new Network.Lane();
    private final Network.Lane toProcess = new Network.Lane();
    private boolean isOpenAtNode;
    private boolean isOverAtNode;
    private boolean isWelcomed;
    private boolean isOverAtProcess;

    Stream(ServiceProcess process, Node node) {
        this.process = process;
        this.node = node;
        this.world = process.world;
    }

    /** Dials. */
    void hello() {
        world.network.sendInOrder(process, node, toNode, process.luck, () -> {
            if (!isOpenAtNode && !isOverAtNode) {
                isOpenAtNode = true;
                node.opened(this);
            }
        });
    }

    void welcome(long[] leads) {
        world.network.sendInOrder(node, process, toProcess, process.luck, () -> {
            if (!isWelcomed && !isOverAtProcess) {
                isWelcomed = true;
                process.sessions.welcomed(this, leads);
            }
        });
    }

    boolean isWelcomed() {
        return isWelcomed && !isOverAtProcess;
    }

    // ---- from the process ----

    void heartbeat() {
        world.network.send(process, node, toNode, process.luck, () -> {
            if (isLiveAtNode()) {
                node.heard(this, -1);
            }
        });
    }

    void tell(int shard, Notice notice) {
        Luck luck = world.judge.luckOf(notice, process.luck);
        world.network.send(process, node, toNode, luck, () -> {
            if (isLiveAtNode()) {
                node.arrived(this, shard, new Input.Noticed(process.instance, notice));
            }
        });
    }

    void ask(int shard, long number, Request request) {
        Luck luck = world.judge.luckOf(request, process.luck);
        world.network.send(process, node, toNode, luck, () -> {
            if (isLiveAtNode()) {
                RequestId id = new RequestId(process.instance.incarnation(), number);
                node.arrived(this, shard, new Input.Requested(id, request));
            }
        });
    }

    private boolean isLiveAtNode() {
        return isOpenAtNode && !isOverAtNode;
    }

    // ---- from the node ----

    void tell(int shard, Command command) {
        Luck luck = world.judge.luckOf(command, process.luck);
        world.network.send(node, process, toProcess, luck, () -> {
            if (isWelcomed()) {
                process.told(shard, command);
            }
        });
    }

    void answer(long number, Answer answer) {
        world.network.send(node, process, toProcess, process.luck, () -> {
            if (isWelcomed()) {
                process.initiators.answered(number, answer);
            }
        });
    }

    /** A stream that loses this breaks: nobody repeats it. */
    void announce(int shard, long term) {
        boolean isSent = world.network.sendInOrder(node, process, toProcess, process.luck, () -> {
            if (isWelcomed()) {
                process.sessions.announced(this, shard, term);
            }
        });
        if (!isSent) {
            breaks();
        }
    }

    // ---- the end ----

    /** The connection breaks; both ends notice soon. */
    void breaks() {
        endAtNodeWithin(50);
        endAtProcessWithin(50);
    }

    /** The process has given it up, and the node finds out when another one is opened or nothing is heard for long. */
    void abandonedByProcess() {
        isOverAtProcess = true;
        endAtNodeWithin(2_000);
    }

    void processDied() {
        isOverAtProcess = true;
        boolean isSeen = world.dice.chance(Purpose.DISTURBANCE, process.luck, 70);
        endAtNodeWithin(isSeen ? 50 : 20_000);
    }

    void nodeDied() {
        isOverAtNode = true;
        endAtProcessWithin(200);
    }

    void replaced() {
        isOverAtNode = true;
        endAtProcessWithin(50);
    }

    private void endAtNodeWithin(long millis) {
        world.after(delay(millis), node, () -> {
            if (!isOverAtNode) {
                isOverAtNode = true;
                node.closed(this, false);
            }
        });
    }

    private void endAtProcessWithin(long millis) {
        world.after(delay(millis), process, () -> {
            if (!isOverAtProcess) {
                isOverAtProcess = true;
                process.sessions.ended(this);
            }
        });
    }

    private long delay(long millis) {
        return WorldParameters.MILLI * world.dice.between(Purpose.DISTURBANCE, process.luck, 0, millis);
    }
}
