package dev.assent.coordinator.replication;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.fault.PlannedFaults;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A disk that can be broken and mended while its node runs. Thread-safe. */
final class SwitchedFaults implements FaultSeam {
    private final AtomicLong refusals = new AtomicLong();
    private volatile FaultSeam present = FaultSeam.NONE;

    /** How often the disk has refused. */
    long refusals() {
        return refusals.get();
    }

    void plan(String rule) {
        present = PlannedFaults.parse(rule);
    }

    void plan(FaultSeam seam) {
        present = seam;
    }

    void mend() {
        present = FaultSeam.NONE;
    }

    @Override
    public void hit(FaultPoint point, @Nullable Xid xid) {
        present.hit(point, xid);
    }

    @Override
    public void onDisk(FaultPoint point, int shard) throws IOException {
        try {
            present.onDisk(point, shard);
        } catch (IOException e) {
            refusals.incrementAndGet();
            throw e;
        }
    }
}
