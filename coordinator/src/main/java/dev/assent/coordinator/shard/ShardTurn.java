package dev.assent.coordinator.shard;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the shard's thread does with what arrived: feeds the core and carries out what it wants, in turns. Knows no thread
 * and no queue, so that tests drive it by hand. Belongs to one thread.
 *
 * <p>The order within a turn is the protocol's: the pack is submitted first, because everybody's commit waits for it;
 * then replies and commands leave, which the core only wants once the records they depend on have stood.
 */
final class ShardTurn {
    /** A leader that gave up and is still the leader asks Raft again so often. */
    private static final long STEP_DOWN_AGAIN_NANOS = 1_000_000_000L;

    private final ShardIdentity identity;
    private final Core core;
    private final ShardWorld world;
    private final Clocks clocks;
    private final Packer packer;
    private final FaultProbe faults;
    private final List<Effect> outbox = new ArrayList<>();
    private long nowNanos;
    private int effectCount;
    private boolean isRaftLeader;
    private long stepDownAgainAtNanos = Long.MAX_VALUE;
    private long readyTerm;

    ShardTurn(ShardIdentity identity, Core core, ShardWorld world, LoopSettings settings, Clocks clocks) {
        this.identity = identity;
        this.core = core;
        this.world = world;
        this.clocks = clocks;
        this.packer = new Packer(settings);
        this.faults = new FaultProbe(world.faults());
    }

    /** Term in which the shard is led and ready; 0 if it is not. */
    long readyTerm() {
        return readyTerm;
    }

    /** When a turn is wanted though nothing arrives; {@link Long#MAX_VALUE} if never. */
    long nextDeadlineNanos() {
        long own = Math.min(packer.nextDeadlineNanos(), stepDownAgainAtNanos);
        return Math.min(own, core.nextDeadlineNanos());
    }

    /** Works the items off and carries out what follows. */
    void run(List<Item> items) {
        nowNanos = clocks.monotonicNanos().getAsLong();
        effectCount = 0;
        for (Item item : items) {
            workOff(item);
        }
        // After the arrivals: what came in time must not lose against a deadline that passed while it waited here.
        if (core.nextDeadlineNanos() <= nowNanos) {
            feed(new Input.Tick());
        }
        submitPacks();
        giveUpIfUncertain();
        deliver();
        for (Item item : items) {
            if (item instanceof Item.Arrived arrived) {
                arrived.done().run();
            }
        }
        world.observer().turnEnded(identity.shard(), items.size(), effectCount);
    }

    /** The shard stops for good: it leads no more, and nothing that waits is submitted or answered. */
    void abandon() {
        packer.clear();
        outbox.clear();
        world.log().stepDown();
        endReadiness();
        world.postman().flush();
    }

    private void workOff(Item item) {
        if (item instanceof Item.Arrived arrived) {
            arrived.inputs().forEach(this::feed);
        } else if (item instanceof Item.PackApplied applied) {
            applied(applied);
        } else if (item instanceof Item.PackRefused refused) {
            if (refused.loop() == identity.loop()) {
                packer.refused(refused.number(), nowNanos);
            }
        } else if (item instanceof Item.Won) {
            faults.at(FaultPoint.LEADER_ELECTED);
            isRaftLeader = true;
            stepDownAgainAtNanos = Long.MAX_VALUE;
            feed(new Input.LeadershipWon());
        } else if (item instanceof Item.Lost) {
            isRaftLeader = false;
            stepDownAgainAtNanos = Long.MAX_VALUE;
            leadershipEnded();
        } else if (item instanceof Item.Asked<?> asked) {
            asked.answerFrom(core, nowNanos);
        } else if (item instanceof Item.LogFailed failed) {
            throw new LogFailedException(failed.cause());
        }
    }

    private void applied(Item.PackApplied pack) {
        boolean isOwn = pack.loop() == identity.loop();
        if (isOwn) {
            packer.applied(pack.number());
        }
        for (Input.Applied record : pack.records()) {
            if (isOwn) {
                faults.ownApplied(record);
            }
            feed(record);
        }
    }

    private void leadershipEnded() {
        faults.at(FaultPoint.LEADER_LOST);
        packer.clear();
        // An announcement of this same turn that has not left would come after the news that it is over.
        outbox.removeIf(Effect.AnnounceReady.class::isInstance);
        endReadiness();
        feed(new Input.LeadershipLost());
        // Whatever the core still wanted logged must not enter a term that is no longer its own.
        packer.clear();
    }

    private void endReadiness() {
        readyTerm = 0;
        world.postman().announceLost();
    }

    private void feed(Input input) {
        faults.beforeInput(input);
        world.observer().input(identity.shard(), input, nowNanos);
        List<Effect> effects = core.on(input, nowNanos);
        effectCount += effects.size();
        for (Effect effect : effects) {
            world.observer().effect(identity.shard(), effect, nowNanos);
            if (effect instanceof Effect.Append append) {
                packer.add(stamped(append.record()), nowNanos);
            } else {
                outbox.add(effect);
            }
        }
    }

    private LogRecord stamped(LogRecord record) {
        return record instanceof LogRecord.CommitDecided decided
                ? new LogRecord.CommitDecided(
                        decided.xid(), decided.branches(), clocks.wallMillis().getAsLong())
                : record;
    }

    private void submitPacks() {
        Optional<Packer.Pack> next = packer.next(nowNanos);
        while (next.isPresent()) {
            Packer.Pack pack = next.get();
            faults.beforeAppend(pack.records());
            world.log().append(identity.loop(), pack.number(), pack.records());
            world.observer().packSubmitted(identity.shard(), pack.records());
            faults.appended(pack.records());
            next = packer.next(nowNanos);
        }
    }

    /** A leader that learns no fate cannot decide anything: another one may be able to, and its log settles the pack. */
    private void giveUpIfUncertain() {
        if (packer.uncertainAtNanos() <= nowNanos) {
            leadershipEnded();
            stepDown();
        } else if (stepDownAgainAtNanos <= nowNanos) {
            stepDown();
        }
    }

    private void stepDown() {
        world.log().stepDown();
        stepDownAgainAtNanos = isRaftLeader ? nowNanos + STEP_DOWN_AGAIN_NANOS : Long.MAX_VALUE;
    }

    private void deliver() {
        for (Effect effect : outbox) {
            faults.beforeDelivery(effect);
            deliver(effect);
        }
        outbox.clear();
        world.postman().flush();
        faults.flushed();
    }

    private void deliver(Effect effect) {
        if (effect instanceof Effect.Send send) {
            world.postman().send(send.to(), send.command());
        } else if (effect instanceof Effect.Reply reply) {
            reply(reply.request(), reply.answer());
        } else if (effect instanceof Effect.AnnounceReady ready) {
            readyTerm = ready.term();
            world.postman().announceReady(ready.term());
        } else if (effect instanceof Effect.StepDown) {
            packer.clear();
            endReadiness();
            stepDown();
        }
    }

    private void reply(RequestId request, Answer answer) {
        if (request.origin().equals(Replies.ORIGIN)) {
            world.replies().reply(request, answer);
        } else {
            world.postman().reply(request, answer);
        }
    }

    /** The log can neither be written nor applied any more. */
    static final class LogFailedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LogFailedException(String cause) {
            super(cause);
        }
    }
}
