package dev.assent.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place of a service where a process runs: its lives come and go, and an old one may still work when a new one starts. */
final class ServiceSlot {
    final int index;
    final String name;
    final Database database;
    private final World world;
    private final List<ServiceProcess> lives = new ArrayList<>();

    ServiceSlot(World world, int index, Database database) {
        this.world = world;
        this.index = index;
        this.database = database;
        this.name = database.name + "-" + index;
    }

    /** The newest life, if it is not stopped. */
    @Nullable
    ServiceProcess process() {
        ServiceProcess newest = lives.isEmpty() ? null : lives.get(lives.size() - 1);
        return newest != null && newest.isAlive ? newest : null;
    }

    List<ServiceProcess> lives() {
        return lives;
    }

    /** Starts a new life; the old one, if it is still there, goes on. */
    ServiceProcess start() {
        ServiceProcess next = new ServiceProcess(world, this, lives.size(), world.newPlace());
        lives.add(next);
        world.trace(next, () -> "starts as " + next.instance);
        next.start();
        return next;
    }
}
