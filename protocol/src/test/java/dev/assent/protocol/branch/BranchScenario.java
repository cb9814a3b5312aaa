package dev.assent.protocol.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Transcript;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchInput.CallEntered;
import dev.assent.protocol.branch.BranchInput.CallLeft;
import dev.assent.protocol.branch.BranchInput.EvidenceWritten;
import dev.assent.protocol.branch.BranchInput.LeaderReady;
import dev.assent.protocol.branch.BranchInput.Opened;
import dev.assent.protocol.branch.BranchInput.Prepared;
import dev.assent.protocol.branch.BranchInput.Tick;
import dev.assent.protocol.branch.BranchInput.Told;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Drives one core by hand and writes down everything; checks at every step that the core is a function of its state. */
final class BranchScenario {
    static final InstanceId SELF = new InstanceId("selfselfself");
    static final InstanceId OTHER = new InstanceId("otherotherot");
    static final ResourceName DB = new ResourceName("db");
    static final ClusterId CLUSTER = new ClusterId("test", "abcdefgh");
    static final long TERM = 5;
    static final Xid XID = new Xid(CLUSTER, 0, TERM, 7);
    static final BranchId OWN = new BranchId(DB, SELF, 1);
    static final BranchId FOREIGN = new BranchId(DB, OTHER, 1);
    static final BranchRef OWN_REF = new BranchRef(XID, OWN);
    static final BranchRef FOREIGN_REF = new BranchRef(XID, FOREIGN);
    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long NO_RECOVERY_NANOS = TimeUnit.DAYS.toNanos(1);

    private final Transcript transcript = new Transcript(SELF.incarnation());
    private BranchCore core;
    private long nowNanos;
    private List<BranchEffect> last = List.of();

    private BranchScenario(long firstListingNanos) {
        core = new BranchCore(SELF, List.of(DB), BranchSettings.DEFAULTS, firstListingNanos);
    }

    static BranchScenario start() {
        return new BranchScenario(NO_RECOVERY_NANOS);
    }

    static BranchScenario withRecovery() {
        return new BranchScenario(0);
    }

    /** Opened, known to the leader of its term, used by one call that has left. */
    BranchScenario worked() {
        return in(new LeaderReady(0, TERM))
                .in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .in(new CallEntered(OWN))
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .in(new CallLeft(OWN));
    }

    /** Worked, told to prepare, durably prepared: it has voted YES. */
    BranchScenario prepared() {
        return worked().told(new Command.Prepare(XID, OWN))
                .in(new EvidenceWritten(OWN))
                .in(new Prepared(OWN));
    }

    BranchScenario told(Command command) {
        return in(new Told(command));
    }

    BranchScenario in(BranchInput input) {
        BranchCore copy = core.copy();
        last = core.on(input, nowNanos);
        assertThat(copy.on(input, nowNanos)).as("a copy does the same").isEqualTo(last);
        assertThat(copy.canonical()).isEqualTo(core.canonical());
        transcript.in(nowNanos, input);
        last.forEach(transcript::out);
        return this;
    }

    /** Lets time pass; ticks are given when they are due, and seen if anything came of them. */
    BranchScenario until(long millis) {
        long end = TimeUnit.MILLISECONDS.toNanos(millis);
        while (core.nextDeadlineNanos() <= end) {
            nowNanos = Math.max(nowNanos, core.nextDeadlineNanos());
            long before = core.nextDeadlineNanos();
            in(new Tick());
            assertThat(core.nextDeadlineNanos())
                    .as("a tick takes away what was due")
                    .isGreaterThan(before);
        }
        nowNanos = end;
        return this;
    }

    List<BranchEffect> last() {
        return last;
    }

    BranchCore core() {
        return core;
    }

    List<Unresolved> unresolved() {
        return new ArrayList<>(core.unresolved());
    }

    void holds(String name) {
        transcript.mustEqual("branch", name);
    }
}
