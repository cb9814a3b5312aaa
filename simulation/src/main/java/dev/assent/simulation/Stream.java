package dev.assent.simulation;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;

/** A stream between a process and a node. Each end learns by itself that it is over. */
final class Stream {
    /** So long may the thread that reads a stream take to hand over what it has read. */
    private static final long READ_NANOS = 50 * WorldParameters.MILLI;

    final ServiceProcess process;
    final Node node;
    private final World world;
    private final Network.Lane toNode = new Network.Lane();
    private final Network.Lane toProcess = new Network.Lane();
    private boolean isOpenAtNode;
    private boolean isOverAtNode;
    private long overSinceNanos;
    private boolean hasSaidGoodbye;
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
        world.network.sendInOrder(
                node,
                process,
                toProcess,
                process.luck,
                () -> process.hear(() -> {
                    if (!isWelcomed && !isOverAtProcess) {
                        isWelcomed = true;
                        goesOnIf(process.sessions.welcomed(this, leads));
                    }
                }));
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
            handOver(shard, new Input.Noticed(process.instance, notice));
        });
    }

    void ask(int shard, long number, Request request) {
        Luck luck = world.judge.luckOf(request, process.luck);
        world.network.send(process, node, toNode, luck, () -> {
            RequestId id = new RequestId(process.instance.incarnation(), number);
            handOver(shard, new Input.Requested(id, request));
        });
    }

    /** The thread that reads has looked whether the stream is over before it hands over what it has read. */
    private void handOver(int shard, Input input) {
        if (isLiveAtNode()) {
            node.arrived(this, shard, input);
        } else if (isOverAtNode
                && isOpenAtNode
                && world.nowNanos - overSinceNanos <= READ_NANOS
                && world.faults.strikes(FaultKind.FRAME_AFTER_CLOSE, process.luck)) {
            world.marks.sometimes(Mark.FRAME_AFTER_CLOSE);
            node.handOver(process, shard, input);
        }
    }

    private boolean isLiveAtNode() {
        return isOpenAtNode && !isOverAtNode;
    }

    // ---- from the node ----

    void tell(int shard, Command command) {
        Luck luck = world.judge.luckOf(command, process.luck);
        world.network.send(node, process, toProcess, luck, () -> heard(() -> goesOnIf(process.told(shard, command))));
    }

    private void heard(Runnable word) {
        process.hear(() -> {
            if (isWelcomed()) {
                word.run();
            }
        });
    }

    /** An exception of the thread that reads the stream ends it. */
    private void goesOnIf(boolean isRead) {
        if (!isRead) {
            world.marks.sometimes(Mark.WORD_BROKE_STREAM);
            breaks();
        }
    }

    void answer(long number, Answer answer) {
        world.network.send(
                node, process, toProcess, process.luck, () -> heard(() -> process.initiators.answered(number, answer)));
    }

    /** A stream that loses this breaks: nobody repeats it. */
    void announce(int shard, long term) {
        boolean isSent = world.network.sendInOrder(
                node,
                process,
                toProcess,
                process.luck,
                () -> heard(() -> goesOnIf(process.sessions.announced(this, shard, term))));
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

    /** The process ends in good order: this comes after all that it has said, if it comes. */
    void processLeft() {
        isOverAtProcess = true;
        hasSaidGoodbye = true;
        world.network.send(process, node, toNode, process.luck, () -> endAtNode(true));
        endAtNodeWithin(world.dice.chance(Purpose.DISTURBANCE, process.luck, 70) ? 200 : 20_000);
    }

    void nodeDied() {
        isOverAtNode = true;
        endAtProcessWithin(200);
    }

    void replaced() {
        isOverAtNode = true;
        overSinceNanos = world.nowNanos;
        endAtProcessWithin(50);
    }

    private void endAtNodeWithin(long millis) {
        world.after(delay(millis), node, () -> endAtNode(false));
    }

    private void endAtNode(boolean isForGood) {
        if (!isOverAtNode) {
            isOverAtNode = true;
            overSinceNanos = world.nowNanos;
            if (hasSaidGoodbye) {
                world.marks.sometimes(isForGood ? Mark.GOODBYE_HEARD : Mark.GOODBYE_LOST);
            }
            node.closed(this, isForGood);
        }
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
