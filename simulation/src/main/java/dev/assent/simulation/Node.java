package dev.assent.simulation;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One life of a coordinator node: a replica of each shard, and the streams of processes. */
final class Node extends Actor {
    final NodeSlot slot;
    final Replica[] replicas;
    final UnaryCalls calls;
    private final long[] leads;
    private final Map<InstanceId, Stream> streams = new LinkedHashMap<>();
    private boolean isLogBroken;
    private boolean isEnding;
    private long forcedAtNanos;

    Node(World world, NodeSlot slot, long life) {
        super(world, slot.id + (life == 1 ? "" : "." + life), slot.place, life);
        this.slot = slot;
        if (world.faults.level(FaultKind.CLOCK) != FaultKind.Level.OFF) {
            setDrift(world.dice.between(Purpose.WORLD, luck, -3, 3));
        }
        this.calls = new UnaryCalls(this);
        this.replicas = new Replica[world.parameters.shards()];
        this.leads = new long[replicas.length];
        for (int i = 0; i < replicas.length; i++) {
            replicas[i] = new Replica(this, world.groups.get(i), life);
        }
    }

    void start() {
        for (Replica replica : replicas) {
            replica.group.greet(replica);
        }
    }

    /** It stops right here; nothing of it happens any more. */
    void crash() {
        if (!isAlive) {
            return;
        }
        isAlive = false;
        world.trace(this, () -> "stops");
        for (Stream stream : List.copyOf(streams.values())) {
            stream.nodeDied();
        }
        for (Replica replica : replicas) {
            replica.group.died(replica);
            if (replica.isBeliever()) {
                world.marks.sometimes(Mark.LEADER_CRASHED);
                replica.group.electSoon(150, 1_000);
            }
        }
    }

    /** None of its logs can be written any more. Its loops hear of it one by one, and then it stops. */
    void breakLog() {
        if (isLogBroken) {
            return;
        }
        isLogBroken = true;
        world.trace(this, () -> "cannot write its log any more");
        for (Replica replica : replicas) {
            replica.logBroken();
        }
        endsSoon();
    }

    /** A shard of it has ended, and nothing but a new life can bring that back. */
    void endsSoon() {
        isEnding = true;
        long later = world.dice.between(Purpose.DISTURBANCE, luck, 0, 3_000) * WorldParameters.MILLI;
        world.after(later, world.outside, () -> {
            if (isAlive) {
                world.outside.crash(slot);
            }
        });
    }

    /** Entries of a shard are written to its log, and are to be forced. */
    void forcesLog(int shard) {
        Strike strike = world.points.atShard(this, FaultPoint.LOG_BEFORE_FORCE, shard);
        if (strike.fate() == Strike.Fate.FAILS) {
            breakLog();
        } else if (strike.fate() == Strike.Fate.WAITS) {
            forcedAtNanos = Math.max(forcedAtNanos, world.nowNanos + strike.nanos());
        }
    }

    /** Whether what it has written is forced, so that it counts. */
    boolean hasForced() {
        return forcedAtNanos <= world.nowNanos;
    }

    /** Whether it stops soon by itself. */
    boolean isEnding() {
        return isEnding;
    }

    boolean isLogBroken() {
        return isLogBroken;
    }

    /** Whether its replicas take part in elections and commits. */
    boolean isServingRaft() {
        return isAlive && !isLogBroken && pausedUntilNanos <= world.nowNanos;
    }

    @Override
    void clockJumped() {
        for (Replica replica : replicas) {
            replica.turns.wake();
        }
    }

    // ---- streams ----

    /** A hello arrived. */
    void opened(Stream stream) {
        Stream replaced = streams.put(stream.process.instance, stream);
        offerToAll(
                new Input.SessionOpened(stream.process.instance, stream.process.slot.name, stream.process.resources()));
        if (replaced != null) {
            replaced.replaced();
        }
        stream.welcome(leads.clone());
    }

    /** The stream is over, unless another one has replaced it. */
    void closed(Stream stream, boolean isForGood) {
        if (streams.remove(stream.process.instance, stream)) {
            offerToAll(new Input.SessionClosed(stream.process.instance, isForGood));
        }
    }

    private void offerToAll(Input input) {
        for (Replica replica : replicas) {
            replica.turns.offer(input);
        }
    }

    void heard(Stream stream, int exceptShard) {
        if (streams.get(stream.process.instance) == stream) {
            for (Replica replica : replicas) {
                if (replica.group.shard != exceptShard) {
                    replica.turns.offer(new Input.SessionHeard(stream.process.instance));
                }
            }
        }
    }

    /** Something for one shard arrived over a stream. */
    void arrived(Stream stream, int shard, Input input) {
        if (streams.get(stream.process.instance) == stream) {
            handOver(stream.process, shard, input);
        }
    }

    void handOver(ServiceProcess from, int shard, Input input) {
        replicas[shard].turns.offer(new Input.SessionHeard(from.instance));
        replicas[shard].turns.offer(input);
    }

    // ---- what shards say ----

    void send(InstanceId to, int shard, Command command) {
        Stream stream = streams.get(to);
        if (!world.forger.isAnswerToLie(command) && stream != null) {
            stream.tell(shard, command);
        }
    }

    void reply(RequestId request, Answer answer) {
        if (request.origin().equals(UnaryCalls.ORIGIN)) {
            calls.answered(request.number(), answer);
            return;
        }
        for (Stream stream : streams.values()) {
            if (stream.process.instance.incarnation().equals(request.origin())) {
                stream.answer(request.number(), answer);
                return;
            }
        }
    }

    void announceReady(int shard, long term) {
        leads[shard] = term;
        boolean isFirst = true;
        for (Stream stream : List.copyOf(streams.values())) {
            if (!isFirst && world.faults.strikes(FaultKind.NODE_CRASH_AT_STEP, luck)) {
                world.marks.sometimes(Mark.CRASHED_BETWEEN_ANNOUNCEMENTS);
                world.outside.crash(slot);
                return;
            }
            isFirst = false;
            stream.announce(shard, term);
        }
    }

    void announceLost(int shard) {
        leads[shard] = 0;
    }

    /** The term in which it says that it leads the shard, or 0. */
    long leads(int shard) {
        return leads[shard];
    }
}
