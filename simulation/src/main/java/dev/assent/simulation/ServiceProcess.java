package dev.assent.simulation;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.message.Command;
import java.util.List;

/** One life of a process that embeds the SDK: it serves a resource and begins transactions. */
final class ServiceProcess extends Actor {
    final ServiceSlot slot;
    final InstanceId instance;
    final Sessions sessions;
    final BranchShell branches;
    final InitiatorShell initiators;
    final Calls calls;

    ServiceProcess(World world, ServiceSlot slot, int life, int place) {
        super(world, slot.name + (life == 0 ? "" : "." + (life + 1)), place);
        this.slot = slot;
        this.instance =
                new InstanceId(("p" + slot.index + "l" + life + "xxxxxxxxxxxx").substring(0, InstanceId.LENGTH));
        if (world.faults.level(FaultKind.CLOCK) != FaultKind.Level.OFF) {
            setDrift(world.dice.between(Purpose.WORLD, luck, -3, 3));
        }
        this.sessions = new Sessions(this);
        this.branches = new BranchShell(this);
        this.initiators = new InitiatorShell(this);
        this.calls = new Calls(this);
    }

    List<ResourceName> resources() {
        return List.of(slot.database.resource);
    }

    void start() {
        sessions.start();
        branches.start();
    }

    /** It stops right here. Its database finds out that its connections are gone. */
    void crash() {
        if (!isAlive) {
            return;
        }
        isAlive = false;
        world.trace(this, () -> "stops");
        slot.database.clientDied(this);
        sessions.processDied();
    }

    /** It stops in good order: its connections are closed, and it takes its leave of every node. */
    void leave() {
        if (!isAlive) {
            return;
        }
        isAlive = false;
        world.trace(this, () -> "takes its leave");
        slot.database.clientDied(this);
        sessions.processLeft();
    }

    /** Stops if fate wants it between two effects. */
    boolean stopsHere(Luck of) {
        if (isAlive && world.faults.strikes(FaultKind.PROCESS_CRASH_AT_STEP, of)) {
            world.outside.crash(slot, this);
        }
        return !isAlive;
    }

    @Override
    void clockJumped() {
        branches.wake();
        initiators.wake();
    }

    // ---- what the cluster says ----

    void told(int shard, Command command) {
        world.trace(this, () -> "is told " + command);
        if (command instanceof Command.Lease lease) {
            initiators.leased(shard, lease);
        } else {
            branches.told(command);
        }
    }

    void leaderReady(int shard, long term) {
        initiators.leaderReady(shard, term);
        branches.leaderReady(shard, term);
    }
}
