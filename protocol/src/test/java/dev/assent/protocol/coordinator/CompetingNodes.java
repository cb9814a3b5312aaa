package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Three nodes over one log, any of which may believe that it leads, with participants and initiators whose every message
 * may be lost, doubled, late or go to the wrong node. Everything is drawn from a seed.
 */
final class CompetingNodes {
    static final ShardSettings SETTINGS = new ShardSettings(
            Duration.ofSeconds(8).toNanos(),
            Duration.ofSeconds(20).toNanos(),
            Duration.ofSeconds(3).toNanos(),
            Duration.ofSeconds(2).toNanos(),
            Duration.ofSeconds(10).toNanos(),
            Duration.ofSeconds(60).toNanos(),
            Duration.ofSeconds(1).toNanos(),
            Duration.ofSeconds(6).toNanos(),
            64L << 20,
            Duration.ofHours(1).toNanos(),
            Duration.ofSeconds(10).toNanos(),
            100);
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MAX_TRANSACTIONS = 8;

    private record Message(Optional<Integer> node, Input input, Optional<Effect.Send> send) {}

    private record Reply(Xid xid) {}

    private final Draw draw;
    private final ModelLog log;
    private final List<ModelNode> nodes = new ArrayList<>();
    private final List<Message> network = new ArrayList<>();
    private final List<ModelTransaction> transactions = new ArrayList<>();
    private final List<BlockId> blocks = new ArrayList<>();
    private final Map<Long, Reply> requests = new LinkedHashMap<>();
    private final Judge judge;
    private final boolean hasHands;
    private final boolean isTraced;
    private final int faultsPerThousand;
    private final int[] incarnations = new int[3];
    private final StringBuilder trace = new StringBuilder();
    private boolean isHealing;
    private long nowNanos;
    private long requestCount;
    private long nextSeq;
    private int branchCount;

    CompetingNodes(long seed, boolean hasHands, boolean isTraced) {
        this.isTraced = isTraced;
        draw = new Draw(seed);
        this.hasHands = hasHands;
        faultsPerThousand = draw.oneOf(List.of(0, 1, 3, 6, 12));
        log = new ModelLog(new LogRecord.ClusterCreated(Names.CLUSTER, Names.SHARD, 1));
        for (int i = 0; i < 3; i++) {
            ModelNode node = new ModelNode(i, SETTINGS);
            sessions().forEach(node::arrives);
            nodes.add(node);
        }
        judge = new Judge(log, nodes, transactions);
    }

    // ---- the run ----

    void run(int steps) {
        elect(0);
        for (int i = 0; i < steps; i++) {
            step();
            judge.afterEvent();
        }
        heal();
        judge.afterHealing();
    }

    String trace() {
        return trace.toString();
    }

    Judge judge() {
        return judge;
    }

    ModelLog log() {
        return log;
    }

    private void step() {
        if (draw.below(1_000) < faultsPerThousand) {
            fault();
            return;
        }
        switch (draw.below(29)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> deliverOne();
            case 8, 9, 10, 11, 12, 13, 14 ->
                work(nodes.stream().filter(ModelNode::hasInput).toList());
            case 15, 16, 17, 18 ->
                apply(nodes.stream().filter(n -> n.isBehind(log)).toList());
            case 19, 20, 21 -> log.commitSome(draw);
            case 22, 23, 24 -> initiate();
            case 25, 26 -> participate();
            case 27 -> pass(RETRY_NANOS / 10 * draw.below(6));
            default -> log.landFromLimbo(draw);
        }
    }

    private void fault() {
        switch (draw.below(7)) {
            case 0, 1 -> elect(draw.below(nodes.size()));
            case 2, 3 -> draw.oneOf(nodes).hearLoss();
            case 4 -> crashInstance(draw.below(incarnations.length));
            case 5 -> restart(draw.oneOf(nodes));
            default -> installSnapshot();
        }
    }

    private void elect(int node) {
        int before = log.leader();
        log.elect(node, draw);
        if (before != ModelLog.NOBODY) {
            nodes.get(before).lost();
        }
        trace("elected", node, log.term());
        nodes.get(node).won(log);
    }

    private void restart(ModelNode node) {
        if (log.leader() == node.number()) {
            log.abdicate(node.number());
        }
        trace("restarted", node.number());
        node.restart(sessions());
    }

    private void installSnapshot() {
        ModelNode from = draw.oneOf(nodes);
        ModelNode to = draw.oneOf(nodes);
        if (from.appliedCount() > to.appliedCount() && log.leader() != to.number()) {
            to.installSnapshot(from);
        }
    }

    private void crashInstance(int slot) {
        InstanceId dead = instance(slot);
        incarnations[slot]++;
        trace("crashed", dead);
        branches().stream().filter(b -> b.id.instance().equals(dead)).forEach(ModelBranch::giveUp);
        nodes.forEach(node -> node.arrives(session(slot)));
    }

    private void touchByHand() {
        List<ModelBranch> prepared = branches().stream()
                .filter(b -> b.state == ModelBranch.State.PREPARED)
                .toList();
        if (hasHands && !prepared.isEmpty()) {
            ModelBranch branch = draw.oneOf(prepared);
            branch.wasTouched = true;
            boolean isCommit = draw.percent(50);
            trace(isCommit ? "committed by hand" : "rolled back by hand", branch);
            branch.state = isCommit ? ModelBranch.State.COMMITTED : ModelBranch.State.ABORTED;
            branch.hasRow = isCommit;
        }
    }

    // ---- nodes ----

    private void work(List<ModelNode> busy) {
        if (!busy.isEmpty()) {
            ModelNode node = draw.oneOf(busy);
            for (int turn = draw.below(4); turn >= 0 && node.hasInput(); turn--) {
                feed(node, node.nextInput());
            }
        }
    }

    private void apply(List<ModelNode> behind) {
        if (!behind.isEmpty()) {
            ModelNode node = draw.oneOf(behind);
            for (int turn = draw.below(3); turn >= 0 && node.isBehind(log); turn--) {
                node.applyOne(log);
            }
        }
    }

    private void feed(ModelNode node, Input input) {
        List<Effect> effects = node.feed(input, nowNanos);
        trace("n", node.number(), input);
        for (Effect effect : effects) {
            trace("   out", effect);
            judge.wanted(node, effect);
            carryOut(node, effect);
        }
    }

    private void carryOut(ModelNode node, Effect effect) {
        if (effect instanceof Effect.Append append) {
            log.append(node.number(), append.record(), draw);
        } else if (effect instanceof Effect.Send send) {
            network.add(new Message(Optional.empty(), new Input.Tick(), Optional.of(send)));
        } else if (effect instanceof Effect.Reply reply) {
            Optional.ofNullable(requests.get(reply.request().number()))
                    .ifPresent(r -> transactions.stream()
                            .filter(tx -> tx.xid.equals(r.xid()))
                            .forEach(tx -> tx.told(reply.answer())));
        } else if (effect instanceof Effect.AnnounceReady ready) {
            hearNews(ready.term());
        } else if (effect instanceof Effect.StepDown) {
            log.abdicate(node.number());
        }
    }

    /** Branches of earlier terms that have not voted need not wait: their transactions cannot commit. */
    private void hearNews(long term) {
        blocks.removeIf(block -> block.term() < term);
        branches().stream()
                .filter(b -> b.xid.term() < term && (isHealing || draw.percent(50)))
                .forEach(ModelBranch::giveUp);
    }

    private void pass(long nanos) {
        nowNanos += nanos;
        boolean isHeard = isHealing || draw.percent(80);
        for (ModelNode node : nodes) {
            if (isHeard) {
                for (int slot = 0; slot < incarnations.length; slot++) {
                    node.feed(new Input.SessionHeard(instance(slot)), nowNanos);
                }
            }
            if (node.core().nextDeadlineNanos() <= nowNanos) {
                feed(node, new Input.Tick());
            }
        }
    }

    // ---- messages ----

    private void deliverOne() {
        if (network.isEmpty()) {
            return;
        }
        Message message = draw.take(network);
        if (!isHealing && draw.percent(10)) {
            return;
        } else if (!isHealing && draw.percent(10)) {
            network.add(message);
        }
        message.node().ifPresent(node -> nodes.get(node).arrives(message.input()));
        message.send().ifPresent(send -> obey(send.to(), send.command()));
    }

    private void send(InstanceId from, Notice notice) {
        toNode(new Input.Noticed(from, notice));
    }

    private void toNode(Input input) {
        List<ModelNode> ready = nodes.stream().filter(n -> n.core().isReady()).toList();
        boolean isGuess = ready.isEmpty() || (!isHealing && draw.percent(10));
        int node = draw.oneOf(isGuess ? nodes : ready).number();
        network.add(new Message(Optional.of(node), input, Optional.empty()));
    }

    private void obey(InstanceId at, Command command) {
        if (!isAlive(at)) {
            return;
        } else if (command instanceof Command.Lease lease) {
            if (transactions.stream().noneMatch(tx -> BlockId.of(tx.xid).equals(lease.block()))) {
                blocks.add(lease.block());
                nextSeq = 0;
            }
        } else if (command instanceof Command.EnlistAcknowledged it) {
            find(it.xid(), it.branch()).filter(b -> b.isOpen()).ifPresent(b -> b.isAcknowledged = true);
        } else if (command instanceof Command.EnlistRefused it) {
            boolean isBinding = it.refusal() == Command.Refusal.ABORTED;
            boolean isBare = it.refusal() != Command.Refusal.NOT_LEADER;
            find(it.xid(), it.branch())
                    .filter(b -> isBinding || (isBare && !b.isAcknowledged))
                    .ifPresent(ModelBranch::giveUp);
        } else if (command instanceof Command.Prepare it) {
            find(it.xid(), it.branch())
                    .filter(b -> at.equals(b.id.instance()))
                    .flatMap(b -> b.prepare(false))
                    .ifPresent(notice -> send(at, notice));
        } else if (command instanceof Command.CommitBranch it) {
            find(it.xid(), it.branch()).ifPresent(b -> send(at, b.commit()));
        } else if (command instanceof Command.AbortBranch it) {
            find(it.xid(), it.branch()).ifPresent(b -> send(at, b.abort(at.equals(b.id.instance()))));
        } else if (command instanceof Command.BranchAnswer it) {
            find(it.xid(), it.branch())
                    .flatMap(b -> b.answered(it.verdict(), at.equals(b.id.instance())))
                    .ifPresent(notice -> send(at, notice));
        } else if (command instanceof Command.RowAnswer it) {
            find(it.xid(), it.branch()).ifPresent(b -> obeyRow(at, b, it.verdict()));
        } else if (command instanceof Command.Forget it) {
            find(it.xid(), it.branch()).ifPresent(b -> b.hasRow = false);
        }
        trace("at", at, command);
    }

    private void obeyRow(InstanceId at, ModelBranch branch, Command.RowVerdict verdict) {
        if (verdict == Command.RowVerdict.ENDED || verdict == Command.RowVerdict.EXPIRED) {
            branch.hasRow = false;
        } else if (verdict == Command.RowVerdict.ABORTED) {
            assertThat(branch.wasTouched)
                    .as("AC1: told ABORTED after its commit: %s", branch)
                    .isTrue();
            send(
                    at,
                    new Notice.Reported(
                            branch.xid, branch.id, dev.assent.protocol.message.BranchReport.FOUND_COMMITTED));
        }
    }

    // ---- initiators and participants ----

    private void initiate() {
        if (transactions.size() < MAX_TRANSACTIONS && (transactions.isEmpty() || draw.percent(20))) {
            begin();
            return;
        } else if (transactions.isEmpty()) {
            return;
        }
        // The young ones: what is long over is asked about, too, but less often.
        int oldest = draw.percent(70) ? Math.max(0, transactions.size() - 2) : 0;
        ModelTransaction tx = draw.oneOf(transactions.subList(oldest, transactions.size()));
        if (!tx.isClosed() && tx.branches.size() < 3 && draw.percent(50)) {
            int slot = draw.below(incarnations.length);
            InstanceId owner = instance(slot);
            int luck = draw.below(10);
            Vote answer = luck == 0 ? Vote.no("no") : luck == 1 ? Vote.READ_ONLY : Vote.YES;
            ModelBranch branch = new ModelBranch(
                    tx.xid, Names.branch(draw.oneOf(resources(slot)).value(), owner, branchCount++), answer);
            tx.branches.add(branch);
            participate(branch);
        } else if ((tx.isClosed() && (tx.told().isEmpty() || draw.percent(20))) || tx.mayCommit() || draw.percent(2)) {
            ask(tx);
        }
    }

    private void begin() {
        if (blocks.isEmpty()) {
            if (draw.percent(20)) {
                send(instance(0), new Notice.BlockWanted());
            }
            return;
        }
        BlockId block = blocks.get(blocks.size() - 1);
        ModelTransaction tx = new ModelTransaction(Names.xid(block.term(), block.firstSeq() + nextSeq++));
        transactions.add(tx);
        if (draw.percent(30)) {
            request(tx.xid, new Request.Begin(Optional.of(tx.xid), 0));
        }
    }

    private void ask(ModelTransaction tx) {
        request(tx.xid, tx.ask(draw));
    }

    private void request(Xid xid, Request request) {
        requests.put(++requestCount, new Reply(xid));
        toNode(new Input.Requested(new RequestId("", requestCount), request));
    }

    private void participate() {
        List<ModelBranch> branches = branches();
        if (!branches.isEmpty()) {
            participate(draw.oneOf(branches));
        }
        if (hasHands && draw.percent(20)) {
            touchByHand();
        }
    }

    private void participate(ModelBranch branch) {
        InstanceId owner = branch.id.instance();
        boolean isOwnerAlive = isAlive(owner);
        InstanceId speaker = isOwnerAlive ? owner : anyServing(branch.id.resource());
        if (branch.state == ModelBranch.State.ACTIVE && isOwnerAlive) {
            if (!branch.isAcknowledged) {
                send(owner, new Notice.Enlist(branch.xid, branch.id, 0));
            } else if (!isHealing && draw.percent(20)) {
                branch.prepare(true).ifPresent(notice -> send(owner, notice));
            } else if (!isHealing && draw.percent(5)) {
                branch.giveUp();
            }
        } else if (branch.state == ModelBranch.State.PREPARED) {
            send(speaker, new Notice.Asked(branch.xid, branch.id));
        } else if (branch.hasRow) {
            send(speaker, new Notice.RowShown(branch.xid, branch.id));
        }
    }

    private List<ModelBranch> branches() {
        return transactions.stream().flatMap(tx -> tx.branches.stream()).toList();
    }

    private Optional<ModelBranch> find(Xid xid, dev.assent.protocol.BranchId id) {
        return branches().stream()
                .filter(b -> b.xid.equals(xid) && b.id.equals(id))
                .findFirst();
    }

    // ---- instances: two serve a, two serve b ----

    private InstanceId instance(int slot) {
        return Names.instance("i" + slot + "x" + incarnations[slot]);
    }

    private boolean isAlive(InstanceId instance) {
        for (int slot = 0; slot < incarnations.length; slot++) {
            if (instance(slot).equals(instance)) {
                return true;
            }
        }
        return false;
    }

    private static List<ResourceName> resources(int slot) {
        return switch (slot) {
            case 0 -> List.of(new ResourceName("a"));
            case 1 -> List.of(new ResourceName("b"));
            default -> List.of(new ResourceName("a"), new ResourceName("b"));
        };
    }

    private InstanceId anyServing(ResourceName resource) {
        List<InstanceId> serving = new ArrayList<>();
        for (int slot = 0; slot < incarnations.length; slot++) {
            if (resources(slot).contains(resource)) {
                serving.add(instance(slot));
            }
        }
        return draw.oneOf(serving);
    }

    private Input session(int slot) {
        return new Input.SessionOpened(instance(slot), "slot" + slot, resources(slot));
    }

    private List<Input> sessions() {
        List<Input> sessions = new ArrayList<>();
        for (int slot = 0; slot < incarnations.length; slot++) {
            sessions.add(session(slot));
        }
        return sessions;
    }

    // ---- healing ----

    /** Faults stop, somebody leads, everybody goes on asking: everything must end. */
    private void heal() {
        isHealing = true;
        log.clearLimbo();
        nodes.forEach(ModelNode::hearLoss);
        if (log.leader() == ModelLog.NOBODY || draw.percent(30)) {
            elect(draw.below(nodes.size()));
        }
        for (int round = 0; round < 80; round++) {
            transactions.stream().filter(ModelTransaction::isClosed).forEach(this::ask);
            branches().forEach(this::participate);
            settleDown();
            judge.afterEvent();
            pass(RETRY_NANOS);
            settleDown();
        }
    }

    private void settleDown() {
        boolean isMoving = true;
        while (isMoving) {
            isMoving = !network.isEmpty();
            while (!network.isEmpty()) {
                deliverOne();
            }
            log.commitSome(draw);
            for (ModelNode node : nodes) {
                while (node.isBehind(log)) {
                    node.applyOne(log);
                    isMoving = true;
                }
                while (node.hasInput()) {
                    feed(node, node.nextInput());
                    isMoving = true;
                }
            }
            if (log.leader() == ModelLog.NOBODY) {
                elect(draw.below(nodes.size()));
                isMoving = true;
            }
        }
    }

    private void trace(String what, Object... shown) {
        if (isTraced) {
            trace.append(what);
            for (Object value : shown) {
                trace.append(' ').append(Names.show(value));
            }
            trace.append('\n');
        }
    }
}
