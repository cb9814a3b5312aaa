package dev.assent.simulation.explore;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The numbers of the steps that are needed again and again, by what they are about. Not thread-safe. */
final class Steps {
    /** Requests of the initiator, in the order of their numbers. */
    static final int REQUESTS = 4;

    static final int COMMIT_REQUEST = 1;

    private final Cast cast;
    private final Table requests = new Table();
    private final Table operate = new Table();
    private final Table news = new Table();
    private final int won;
    private final Table hear = new Table();
    private final Table told = new Table();
    private final Table outdoneBy = new Table();
    private final Table apply = new Table();
    private final Table tell = new Table();
    private final int[] nodeFires = new int[Times.LEVELS + 1];
    private final int[] instanceFires = new int[Times.LEVELS + 1];

    Steps(Cast cast) {
        this.cast = cast;
        this.won = cast.nodes.numberOf(new NodeStep.Give(new Input.LeadershipWon()));
        for (int level = 0; level <= Times.LEVELS; level++) {
            nodeFires[level] = cast.nodes.numberOf(new NodeStep.Fire(level));
            instanceFires[level] = cast.instances.numberOf(new InstanceStep.Fire(level));
        }
    }

    /** The initiator asks a node for something, with the account that it has made. */
    int request(World world, int kind) {
        int term = world.get(World.XID_TERM);
        int sums = world.get(World.SUMS);
        return requests.get(
                (term * REQUESTS + kind) << Names.MAX_SLOTS + 1 | sums,
                number -> cast.nodes.numberOf(new NodeStep.Give(request(Names.xid(term), kind, sums))));
    }

    private static Input.Requested request(Xid xid, int kind, int sums) {
        Request request = switch (kind) {
            case 0 -> new Request.Begin(Optional.of(xid), Times.TIMEOUT_NANOS);
            case COMMIT_REQUEST -> new Request.Commit(xid, AnswerMode.AFTER_APPLY, sums(sums));
            case 2 -> new Request.Rollback(xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK));
            default -> new Request.OutcomeQuestion(xid);
        };
        return new Input.Requested(new RequestId("initiator", kind), request);
    }

    /** An operator asks a node to give up on a slot's branch, or to settle it. */
    int operate(World world, int slot, ActionKind kind) {
        int term = world.get(World.XID_TERM);
        return operate.get(
                (term << Names.MAX_SLOTS | slot) << 1 | (kind == ActionKind.SETTLE ? 1 : 0),
                number -> cast.nodes.numberOf(new NodeStep.Give(operate(Names.xid(term), slot, kind))));
    }

    private static Input.Requested operate(Xid xid, int slot, ActionKind kind) {
        BranchId branch = Names.branch(slot);
        Request request = kind == ActionKind.SETTLE
                ? new Request.Settle(xid, branch, "operator", "")
                : new Request.Abandon(xid, branch, "operator", "");
        return new Input.Requested(new RequestId("operator", 0), request);
    }

    private static CallSums sums(int slots) {
        List<CallSums.BranchCalls> branches = new ArrayList<>();
        for (int slot = 0; slot < Names.MAX_SLOTS; slot++) {
            if ((slots - 1 >> slot & 1) != 0) {
                branches.add(new CallSums.BranchCalls(Names.branch(slot), 1));
            }
        }
        return new CallSums(branches, true);
    }

    /** A node gets a message. */
    int hear(int message) {
        return hear.get(message, number -> {
            Message.Up up = (Message.Up) cast.messages.value(number);
            return cast.nodes.numberOf(new NodeStep.Hear(up.from(), up.notice()));
        });
    }

    /** A participant gets a message. */
    int told(int message) {
        return told.get(message, number -> {
            Message.Down down = (Message.Down) cast.messages.value(number);
            return cast.instances.numberOf(new InstanceStep.Give(new BranchInput.Told(down.command())));
        });
    }

    /** The order that makes a branch do all that this answer makes it do, or -1. */
    int outdoneBy(int message) {
        return outdoneBy.get(message, number -> {
                    Message.Down down = (Message.Down) cast.messages.value(number);
                    @Nullable Command order = null;
                    if (down.command() instanceof Command.BranchAnswer answer) {
                        order = answer.verdict() == Command.Verdict.COMMIT
                                ? new Command.CommitBranch(answer.xid(), answer.branch())
                                : answer.verdict() == Command.Verdict.ABORT
                                        ? new Command.AbortBranch(answer.xid(), answer.branch())
                                        : null;
                    } else if (down.command() instanceof Command.EnlistRefused refused
                            && refused.refusal() == Command.Refusal.ABORTED) {
                        order = new Command.AbortBranch(refused.xid(), refused.branch());
                    }
                    // Numbered from 1 here: 0 is nothing.
                    return order == null ? 0 : 1 + cast.number(new Message.Down(down.to(), order));
                })
                - 1;
    }

    /** A replica applies the last entry of this log. */
    int apply(int log) {
        return apply.get(log, number -> {
            Log.Prefix entry = cast.log.get(number);
            return cast.nodes.numberOf(new NodeStep.Apply(entry.term(), entry.record()));
        });
    }

    /** A core is told of the last entry of this log. */
    int tell(int log) {
        return tell.get(log, number -> {
            Log.Prefix entry = cast.log.get(number);
            return cast.nodes.numberOf(
                    new NodeStep.Give(new Input.Applied(entry.term(), entry.record(), entry.hasStood())));
        });
    }

    /** A participant hears of a ready leader. */
    int news(int term) {
        return news.get(
                term, number -> cast.instances.numberOf(new InstanceStep.Give(new BranchInput.LeaderReady(0, number))));
    }

    /** A core is told that its node leads. */
    int won() {
        return won;
    }

    int nodeFires(int level) {
        return nodeFires[level];
    }

    int instanceFires(int level) {
        return instanceFires[level];
    }

    private static final class Table {
        private int[] steps = new int[0];

        int get(int number, IntUnaryOperator make) {
            if (number >= steps.length) {
                int length = steps.length;
                steps = Arrays.copyOf(steps, 2 * number + 16);
                Arrays.fill(steps, length, steps.length, -1);
            }
            if (steps[number] < 0) {
                steps[number] = make.applyAsInt(number);
            }
            return steps[number];
        }
    }
}
