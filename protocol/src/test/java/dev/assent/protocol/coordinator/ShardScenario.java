package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Transcript;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Append;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.coordinator.Input.Applied;
import dev.assent.protocol.coordinator.LogRecord.ClusterCreated;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Drives one shard's core and its replica by hand and writes down every input and effect. A second core gets the same
 * inputs and must want the same: the core is a function of its inputs. So must a copy, without a trace in its origin.
 */
final class ShardScenario {
    static final long TERM = 5;

    private final StringBuilder text = new StringBuilder();
    private final ReplicatedState state = new ReplicatedState();
    private final ReplicatedState twinState = new ReplicatedState();
    private final ShardCore core;
    private final ShardCore twin;
    private final List<LogRecord> appended = new ArrayList<>();
    private List<Effect> last = List.of();
    private long nowNanos;
    private long entryTerm = TERM;

    private ShardScenario(ShardSettings settings) {
        ShardIdentity identity = new ShardIdentity(Names.CLUSTER, Names.SHARD, new NodeId("n1"), 77);
        core = new ShardCore(identity, settings, state);
        twin = new ShardCore(identity, settings, twinState);
    }

    /** A node that has applied the shard's birth and leads nothing. */
    static ShardScenario born(ShardSettings settings) {
        ShardScenario scenario = new ShardScenario(settings);
        scenario.entryTerm = 1;
        return scenario.applied(new ClusterCreated(Names.CLUSTER, Names.SHARD, 1));
    }

    static ShardScenario born() {
        return born(ShardSettings.DEFAULTS);
    }

    /** The leader of term 5 with p1 and p2 serving a, q1 serving b, and block 5/0 leased to i1. Not written down. */
    static ShardScenario ready() {
        return ready(ShardSettings.DEFAULTS);
    }

    static ShardScenario ready(ShardSettings settings) {
        ShardScenario scenario = born(settings).sessions().wins(TERM);
        scenario.noticed(Names.I1, new Notice.BlockWanted());
        return scenario.forgetLines();
    }

    ShardScenario sessions() {
        return opened(Names.P1, "p-one", "a")
                .opened(Names.P2, "p-two", "a")
                .opened(Names.Q1, "q-one", "b")
                .opened(Names.I1, "i-one");
    }

    /** Wins the leadership and becomes ready in this term. */
    ShardScenario wins(long term) {
        entryTerm = term;
        return in(new Input.LeadershipWon()).applied();
    }

    /** Entries that are applied from now on are of this term. */
    ShardScenario entryTerm(long term) {
        entryTerm = term;
        return this;
    }

    // ---- inputs ----

    ShardScenario in(Input input) {
        text.append("t=")
                .append(millis())
                .append("ms in ")
                .append(Names.show(input))
                .append('\n');
        ShardCore copy = core.copy(ReplicatedState.of(state.image()));
        assertThat(copy.canonical()).isEqualTo(core.canonical());
        last = core.on(input, nowNanos);
        assertThat(copy.on(input, nowNanos)).as("a copy does the same").isEqualTo(last);
        assertThat(copy.canonical()).isEqualTo(core.canonical());
        assertThat(twin.on(input, nowNanos)).as("same inputs, same effects").isEqualTo(last);
        assertThat(twin.canonical()).as("same inputs, same memory").isEqualTo(core.canonical());
        for (Effect effect : last) {
            text.append("   out ").append(Names.show(effect)).append('\n');
            if (effect instanceof Append append) {
                appended.add(append.record());
            }
        }
        return this;
    }

    /** Applies what was appended so far, in order, and tells the core. */
    ShardScenario applied() {
        List<LogRecord> records = List.copyOf(appended);
        appended.clear();
        records.forEach(this::applied);
        return this;
    }

    /** Applies a record and tells the core. */
    ShardScenario applied(LogRecord record) {
        return in(new Applied(entryTerm, record, appliedUntold(record)));
    }

    /** Applies a record to the replica; the core's input is still on its way. */
    boolean appliedUntold(LogRecord record) {
        boolean stood = state.apply(entryTerm, record);
        assertThat(twinState.apply(entryTerm, record)).isEqualTo(stood);
        return stood;
    }

    /** What was appended never gets into the log. */
    ShardScenario vanished() {
        appended.clear();
        return this;
    }

    /** Lets time pass; ticks at every deadline on the way. */
    ShardScenario after(long millis) {
        long untilNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        while (core.nextDeadlineNanos() <= untilNanos) {
            nowNanos = Math.max(nowNanos, core.nextDeadlineNanos());
            int before = text.length();
            in(new Input.Tick());
            if (last.isEmpty()) {
                text.setLength(before);
            }
        }
        nowNanos = untilNanos;
        return this;
    }

    /** Time passes while every instance goes on being heard of. */
    ShardScenario afterHearing(long millis, InstanceId... instances) {
        for (long passed = 0; passed < millis; passed += 1_000) {
            for (InstanceId instance : instances) {
                core.on(new Input.SessionHeard(instance), nowNanos);
                twin.on(new Input.SessionHeard(instance), nowNanos);
            }
            after(Math.min(1_000, millis - passed));
        }
        return this;
    }

    ShardScenario opened(InstanceId instance, String name, String... resources) {
        return in(new Input.SessionOpened(
                instance, name, Arrays.stream(resources).map(ResourceName::new).toList()));
    }

    ShardScenario noticed(InstanceId from, Notice notice) {
        return in(new Input.Noticed(from, notice));
    }

    ShardScenario enlist(Xid xid, BranchId branch) {
        return noticed(branch.instance(), new Notice.Enlist(xid, branch, 0));
    }

    ShardScenario vote(Xid xid, BranchId branch, Vote vote) {
        return noticed(branch.instance(), new Notice.Voted(xid, branch, vote, 1));
    }

    ShardScenario ask(Xid xid, BranchId branch) {
        return noticed(branch.instance(), new Notice.Asked(xid, branch));
    }

    ShardScenario report(Xid xid, BranchId branch, BranchReport report) {
        return noticed(branch.instance(), new Notice.Reported(xid, branch, report));
    }

    ShardScenario done(Xid xid, BranchId branch) {
        return report(xid, branch, BranchReport.DONE);
    }

    ShardScenario row(Xid xid, BranchId branch) {
        return noticed(branch.instance(), new Notice.RowShown(xid, branch));
    }

    ShardScenario request(long number, Request request) {
        return in(new Input.Requested(new RequestId("", number), request));
    }

    ShardScenario begin(long number, Xid xid) {
        return request(number, new Request.Begin(Optional.of(xid), 0));
    }

    ShardScenario commit(long number, Xid xid, CallSums sums) {
        return request(number, new Request.Commit(xid, AnswerMode.AFTER_APPLY, sums));
    }

    ShardScenario rollback(long number, Xid xid) {
        return request(number, new Request.Rollback(xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK)));
    }

    ShardScenario outcome(long number, Xid xid) {
        return request(number, new Request.OutcomeQuestion(xid));
    }

    // ---- usual beginnings ----

    /** Enlisted, asked to commit: the votes are awaited. */
    ShardScenario preparing(Xid xid, BranchId... branches) {
        for (BranchId branch : branches) {
            enlist(xid, branch);
        }
        return commit(100, xid, Names.sums(branches));
    }

    /** All have voted YES; the decision is not applied. */
    ShardScenario deciding(Xid xid, BranchId... branches) {
        preparing(xid, branches);
        for (BranchId branch : branches) {
            vote(xid, branch, Vote.YES);
        }
        return this;
    }

    ShardScenario committing(Xid xid, BranchId... branches) {
        return deciding(xid, branches).applied();
    }

    ShardScenario ended(Xid xid, BranchId... branches) {
        committing(xid, branches);
        for (BranchId branch : branches) {
            done(xid, branch);
        }
        return applied();
    }

    // ---- what came of it ----

    List<Effect> last() {
        return last;
    }

    List<Answer> answers() {
        return last.stream()
                .filter(Reply.class::isInstance)
                .map(effect -> ((Reply) effect).answer())
                .toList();
    }

    List<Command> commands() {
        return last.stream()
                .filter(Send.class::isInstance)
                .map(effect -> ((Send) effect).command())
                .toList();
    }

    ReplicatedState state() {
        return state;
    }

    ShardCore core() {
        return core;
    }

    long nowNanos() {
        return nowNanos;
    }

    String stateOf(Xid xid) {
        return core.view(xid, nowNanos).map(TransactionView::state).orElse("-");
    }

    /** What led here is another scenario's matter. */
    ShardScenario forgetLines() {
        text.setLength(0);
        return this;
    }

    ShardScenario line(String line) {
        text.append(line).append('\n');
        return this;
    }

    String text() {
        return text.toString();
    }

    /** Compares with the file named after the calling test. */
    void mustEqual() {
        String name = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getMethodName());
        Transcript.mustEqual(text(), "coordinator", name);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nowNanos);
    }
}
