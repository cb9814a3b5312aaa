package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.branch.BranchSettings;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;

/** Every input of a branch in every state of it that can meet it, given to a real core. */
final class BranchDrives {
    private static final long SECOND = 1_000_000_000;
    private static final long TERM = 2;
    private static final ResourceName RESOURCE = new ResourceName("a");
    private static final InstanceId SELF = new InstanceId("s".repeat(InstanceId.LENGTH));
    private static final Xid XID = new Xid(World.CLUSTER, 0, TERM, 7);
    private static final BranchId ID = new BranchId(RESOURCE, SELF, 1);
    private static final BranchRef REF = new BranchRef(XID, ID);
    private static final String PROMISED = "after the last call";
    private static final BranchSettings D = BranchSettings.DEFAULTS;
    /** Remembers how one branch ended. */
    private static final BranchSettings SETTINGS = new BranchSettings(
            D.enlist(),
            D.ask(),
            D.retry(),
            D.stuckAskNanos(),
            D.prepareTimeoutNanos(),
            D.expiryGraceNanos(),
            D.recoveryEveryNanos(),
            D.recoveryGraceNanos(),
            D.removeAfterNanos(),
            1);

    private final Coverage coverage;
    private BranchCore core = fresh();
    private long nowNanos;

    BranchDrives(Coverage coverage) {
        this.coverage = coverage;
    }

    List<Driven> all() {
        List<Driven> all = new ArrayList<>();
        for (Pair pair : Machine.BRANCH.pairs()) {
            if (!Machine.BRANCH.impossible().containsKey(pair)) {
                for (String variant : variants(pair.input())) {
                    all.add(drive(pair, variant));
                }
            }
        }
        return all;
    }

    private static List<String> variants(String input) {
        return switch (input) {
            case "EnlistRefused" -> List.of("ABORTED", "CLOSED", "NOT_LEADER");
            case "BranchAnswer" -> List.of("COMMIT", "ABORT", "PENDING", "EXPIRED", "NOT_LEADER");
            case "RowAnswer" -> List.of("ENDED", "ABORTED", "LISTED");
            case "LeaderReady" -> List.of("", "of the next term");
            case "CallEntered", "CallLeft", "NothingWritten" -> List.of("", PROMISED);
            default -> List.of("");
        };
    }

    private Driven drive(Pair pair, String variant) {
        core = fresh();
        nowNanos = SECOND;
        // An id that is opened, though it is in one of these states, was used in a forged command before it was made.
        boolean isForged = pair.input().equals("Opened")
                || (pair.input().equals("RolledBack") && !pair.state().startsWith("RollingBack"));
        if (pair.input().equals("RolledBack") && pair.state().equals("Unknown")) {
            rollBackAndForget();
        } else if (isForged) {
            forge(pair.state());
            if (pair.input().equals("RolledBack")) {
                on(sample("Opened", ""));
            }
        } else {
            bring(pair.state());
        }
        if (variant.equals(PROMISED)) {
            on(new BranchInput.LastCall(ID));
        }
        if (pair.input().equals("Tick")) {
            nowNanos = Math.max(nowNanos, core.nextDeadlineNanos());
        }
        List<BranchEffect> effects = on(sample(pair.input(), variant));
        String after = BranchStates.of(core, new BranchInput.CallLeft(ID)).get(0);
        return new Driven(Machine.BRANCH, pair, variant, after, List.copyOf(effects));
    }

    private static BranchCore fresh() {
        return new BranchCore(SELF, List.of(RESOURCE), SETTINGS, SECOND);
    }

    private List<BranchEffect> on(BranchInput input) {
        coverage.before(core, input);
        return core.on(input, nowNanos);
    }

    // ---- into the state ----

    private void bring(String state) {
        on(new BranchInput.Tick());
        switch (state) {
            case "Unknown" -> {}
            case "Active" -> opened();
            case "AwaitingCalls" -> {
                opened();
                on(new BranchInput.CallEntered(ID));
                on(new BranchInput.Told(new Command.Prepare(XID, ID)));
            }
            case "WritingEvidence" -> writingEvidence();
            case "Preparing" -> preparing();
            case "InDoubt" -> inDoubt();
            case "Committing" -> committing();
            case "RollingBackPrepared" -> {
                inDoubt();
                on(new BranchInput.Told(new Command.AbortBranch(XID, ID)));
            }
            case "RollingBack" -> {
                opened();
                on(new BranchInput.Told(new Command.AbortBranch(XID, ID)));
            }
            case "Ended" -> {
                committing();
                on(new BranchInput.Committed(REF));
            }
            default -> throw new AssertionError("no script leads to " + state);
        }
    }

    private void opened() {
        on(sample("Opened", ""));
        on(new BranchInput.CallEntered(ID));
        on(new BranchInput.CallLeft(ID));
    }

    private void writingEvidence() {
        opened();
        on(new BranchInput.Told(new Command.Prepare(XID, ID)));
    }

    private void preparing() {
        writingEvidence();
        on(new BranchInput.EvidenceWritten(ID));
    }

    private void inDoubt() {
        preparing();
        on(new BranchInput.Prepared(ID));
    }

    private void committing() {
        inDoubt();
        on(new BranchInput.Told(new Command.CommitBranch(XID, ID)));
    }

    /** By commands about an id that its process has not made yet, and by a hand in the database. */
    private void forge(String state) {
        switch (state) {
            case "Unknown" -> {}
            case "InDoubt" -> on(new BranchInput.PreparedListed(RESOURCE, List.of(REF)));
            case "Committing" -> on(new BranchInput.Told(new Command.CommitBranch(XID, ID)));
            case "Ended" -> ended(REF);
            case "RollingBackPrepared" -> {
                ended(REF);
                on(new BranchInput.Told(new Command.AbortBranch(XID, ID)));
            }
            default -> throw new AssertionError("no forged script leads to " + state);
        }
    }

    private void ended(BranchRef ref) {
        on(new BranchInput.Told(new Command.CommitBranch(ref.xid(), ref.branch())));
        on(new BranchInput.NothingFound(ref));
    }

    /** The end of a second branch is remembered in the place of the first one's, whose rollback is in flight. */
    private void rollBackAndForget() {
        ended(REF);
        on(sample("Opened", ""));
        ended(new BranchRef(XID, new BranchId(RESOURCE, SELF, 2)));
    }

    // ---- the input ----

    private static BranchInput sample(String name, String variant) {
        return switch (name) {
            case "Opened" -> new BranchInput.Opened(XID, ID, 60 * SECOND);
            case "CallEntered" -> new BranchInput.CallEntered(ID);
            case "CallLeft" -> new BranchInput.CallLeft(ID);
            case "LastCall" -> new BranchInput.LastCall(ID);
            case "Doomed" -> new BranchInput.Doomed(ID, "undone");
            case "LeaderReady" -> new BranchInput.LeaderReady(0, variant.isEmpty() ? TERM : TERM + 1);
            case "EvidenceWritten" -> new BranchInput.EvidenceWritten(ID);
            case "NothingWritten" -> new BranchInput.NothingWritten(ID);
            case "Prepared" -> new BranchInput.Prepared(ID);
            case "PrepareFailed" -> new BranchInput.PrepareFailed(ID, "full");
            case "Committed" -> new BranchInput.Committed(REF);
            case "NothingFound" -> new BranchInput.NothingFound(REF);
            case "RolledBack" -> new BranchInput.RolledBack(REF);
            case "FoundCommitted" -> new BranchInput.FoundCommitted(REF);
            case "Busy" -> new BranchInput.Busy(REF, "in use");
            case "PreparedListed" -> new BranchInput.PreparedListed(RESOURCE, List.of(REF));
            case "RowsListed" -> new BranchInput.RowsListed(RESOURCE, List.of(REF));
            case "Tick" -> new BranchInput.Tick();
            default -> new BranchInput.Told(command(name, variant));
        };
    }

    private static Command command(String name, String variant) {
        return switch (name) {
            case "EnlistAcknowledged" -> new Command.EnlistAcknowledged(XID, ID);
            case "EnlistRefused" -> new Command.EnlistRefused(XID, ID, Command.Refusal.valueOf(variant));
            case "Prepare" -> new Command.Prepare(XID, ID);
            case "CommitBranch" -> new Command.CommitBranch(XID, ID);
            case "AbortBranch" -> new Command.AbortBranch(XID, ID);
            case "BranchAnswer" -> new Command.BranchAnswer(XID, ID, Command.Verdict.valueOf(variant));
            case "RowAnswer" -> new Command.RowAnswer(XID, ID, Command.RowVerdict.valueOf(variant));
            case "Forget" -> new Command.Forget(XID, ID);
            default -> throw new AssertionError("no sample of " + name);
        };
    }
}
