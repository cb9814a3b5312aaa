package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who speaks of transactions that are not: of another cluster, of another shard, of a later term, of a number that
 * was never given out. Nobody may believe a word, and nothing may come of it. And somebody who guesses numbers and asks what
 * became of them, which closes those that nobody has used.
 */
final class Forger {
    private static final long NEVER_LEASED = 50_000_000;

    private enum Lie {
        FOREIGN,
        WRONG_SHARD,
        LATER_TERM,
        NEVER_LEASED
    }

    private final World world;
    private final Map<Xid, Lie> lies = new HashMap<>();
    private long lastNumber;

    Forger(World world) {
        this.world = world;
    }

    // ---- lies ----

    void lie(Luck luck) {
        for (int i = 0; i < 6; i++) {
            int shard = below(luck, world.groups.size());
            Node leader = world.operators.leader(shard);
            if (leader == null) {
                return;
            }
            Lie lie = Lie.values()[below(luck, Lie.values().length)];
            Xid xid = xid(lie, shard, leader.leads(shard));
            lies.put(xid, lie);
            if (below(luck, 2) == 0) {
                Request request = request(xid, below(luck, 6));
                Node to = below(luck, 3) > 0
                        ? leader
                        : world.nodes.get(below(luck, world.nodes.size())).node();
                if (to != null) {
                    to.calls.call(world.outside, shard, request, luck, answer -> answered(xid, request, answer));
                }
            } else {
                ServiceProcess from =
                        world.services.get(below(luck, world.services.size())).process();
                if (from != null) {
                    from.sessions.tell(shard, notice(xid, from, below(luck, 5)));
                }
            }
        }
    }

    private Xid xid(Lie lie, int shard, long term) {
        long number = ++lastNumber;
        return switch (lie) {
            case FOREIGN -> new Xid(new ClusterId("sim", "cluster2"), shard, term, number);
            // A number that nobody really has, or its true answers would be taken for those to the lie.
            case WRONG_SHARD -> new Xid(World.CLUSTER, shard + 1, term, NEVER_LEASED + number);
            case LATER_TERM -> new Xid(World.CLUSTER, shard, term + 1_000_000, number);
            case NEVER_LEASED -> new Xid(World.CLUSTER, shard, term, NEVER_LEASED + number);
        };
    }

    private static Request request(Xid xid, int kind) {
        BranchId branch = new BranchId(new ResourceName("db-0"), new InstanceId("x".repeat(InstanceId.LENGTH)), 1);
        return switch (kind) {
            case 0 -> new Request.Begin(Optional.of(xid), WorldParameters.SECOND);
            case 1 -> new Request.Commit(xid, AnswerMode.AFTER_APPLY, new CallSums(List.of(), true));
            case 2 -> new Request.Rollback(xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK));
            case 3 -> new Request.OutcomeQuestion(xid);
            case 4 -> new Request.Abandon(xid, branch, "forger", "out of malice");
            default -> new Request.Settle(xid, branch, "forger", "out of malice");
        };
    }

    private Notice notice(Xid xid, ServiceProcess from, int kind) {
        BranchId branch = new BranchId(from.slot.database.resource, from.instance, 1_000_000 + lastNumber);
        return switch (kind) {
            case 0 -> new Notice.Enlist(xid, branch, WorldParameters.SECOND);
            case 1 -> new Notice.Voted(xid, branch, new Vote.Yes(), 1);
            case 2 -> new Notice.Asked(xid, branch);
            case 3 -> new Notice.Reported(xid, branch, report(xid));
            default -> new Notice.RowShown(xid, branch);
        };
    }

    /** What a process that may act for a branch says it found there, a later leader cannot know better. */
    private BranchReport report(Xid xid) {
        return lie(xid) == Lie.NEVER_LEASED ? BranchReport.NOTHING_FOUND : BranchReport.FOUND_COMMITTED;
    }

    private void answered(Xid xid, Request request, Answer answer) {
        world.marks.sometimes(Mark.LIE_REFUSED);
        Answer.@Nullable Reason reason = answer instanceof Answer.Refused refused ? refused.reason() : null;
        boolean isOfOperator = request instanceof Request.Abandon || request instanceof Request.Settle;
        boolean isRight = switch (lie(xid)) {
            case FOREIGN -> reason == Answer.Reason.FOREIGN;
            case WRONG_SHARD -> reason == Answer.Reason.WRONG_SHARD;
            case LATER_TERM -> false;
            case NEVER_LEASED ->
                reason == Answer.Reason.INVALID
                        || (isOfOperator && reason == Answer.Reason.NOT_APPLICABLE)
                        // Of an earlier term than whoever leads meanwhile.
                        || (isOver(xid) && isOfEarlierTerm(answer, reason));
        };
        if (!isRight && reason != Answer.Reason.NOT_LEADER) {
            throw new Violation(Violation.Law.AC4, "the forged " + request + " is answered " + answer);
        }
    }

    private static boolean isOfEarlierTerm(Answer answer, Answer.@Nullable Reason reason) {
        return answer instanceof Answer.Aborted || reason == Answer.Reason.STALE_BEGIN;
    }

    /** Whether a node that leads the shard may lead it in a later term than the one of the xid. */
    private boolean isOver(Xid xid) {
        return world.groups.get(xid.shard()).term() > xid.term();
    }

    private Lie lie(Xid xid) {
        Lie lie = lies.get(xid);
        if (lie == null) {
            throw new AssertionError(xid + " was not forged");
        }
        return lie;
    }

    /** Whether a node's word is an answer to a lie, and then whether it is the right one. */
    boolean isAnswerToLie(Command command) {
        if (lies.isEmpty()) {
            return false;
        }
        Xid xid = Names.xidOf(command);
        if (xid == null || !lies.containsKey(xid)) {
            return false;
        }
        world.marks.sometimes(Mark.LIE_REFUSED);
        String said = command instanceof Command.EnlistRefused refused
                ? refused.refusal().name()
                : command instanceof Command.BranchAnswer answer
                        ? answer.verdict().name()
                        : command instanceof Command.RowAnswer row
                                ? "row " + row.verdict().name()
                                : "a command";
        if (!said.equals("NOT_LEADER") && !said.equals("row NOT_LEADER") && !isRight(xid, said)) {
            throw new Violation(Violation.Law.AC4, "the forged " + xid + " is answered " + command);
        }
        return true;
    }

    private boolean isRight(Xid xid, String said) {
        return switch (lie(xid)) {
            case FOREIGN -> said.equals("FOREIGN") || said.equals("row FOREIGN");
            case WRONG_SHARD -> said.equals("WRONG_SHARD") || said.equals("row FOREIGN");
            case LATER_TERM -> false;
            case NEVER_LEASED ->
                said.equals("INVALID")
                        // The word outlived its process's session: that is asked first.
                        || said.equals("NOT_YOURS")
                        || said.equals("row PENDING")
                        || (isOver(xid)
                                && (said.equals("ABORT") || said.equals("ABORTED") || said.equals("row ABORTED")));
        };
    }

    // ---- guesses ----

    /** Asks about every number of a block, which closes those that were not used yet. */
    void guessBlock(Luck luck) {
        int shard = below(luck, world.groups.size());
        Node leader = world.operators.leader(shard);
        if (leader == null) {
            return;
        }
        long term = leader.leads(shard);
        long block = below(luck, 4);
        boolean isWhole = below(luck, 2) == 0;
        world.trace(world.outside, () -> "somebody asks about all of block " + block + " of shard " + shard);
        long arrives = world.network.latencyNanos(luck);
        world.after(arrives, leader, () -> {
            // Some guess only what has not been used for a while, which is the end of the block.
            for (long i = isWhole ? 0 : 64; i < BlockId.SIZE; i++) {
                Xid xid = new Xid(World.CLUSTER, shard, term, block * BlockId.SIZE + i);
                leader.calls.arrived(shard, new Request.OutcomeQuestion(xid), answer -> guessed(xid, answer));
            }
        });
    }

    private void guessed(Xid xid, Answer answer) {
        TransactionFacts of = world.judge.known(xid);
        boolean isNews = !(answer instanceof Answer.Refused) && !(answer instanceof Answer.Pending);
        if (of != null && isNews) {
            Tellings.told(world, of, answer, false);
        } else if (answer instanceof Answer.OutcomeExpired
                && world.judge.log(xid.shard()).isForgotten(BlockId.of(xid))) {
            world.marks.sometimes(Mark.OUTCOME_EXPIRED_TOLD);
        } else if (isNews && !(answer instanceof Answer.Aborted)) {
            throw new Violation(Violation.Law.AC4, xid + ", which nobody began, is answered " + answer);
        } else if (isNews) {
            world.marks.sometimes(Mark.GUESS_CLOSED_A_NUMBER);
        }
    }

    private int below(Luck luck, int count) {
        return world.dice.below(Purpose.DISTURBANCE, luck, count);
    }
}
