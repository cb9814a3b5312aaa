package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import dev.assent.simulation.Violation.Law;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees everything and asks after every event whether what must hold does. It knows the committed logs and the databases
 * themselves, so it believes no core.
 */
final class Judge {
    private final World world;
    private final Map<Xid, TransactionFacts> facts = new HashMap<>();
    private final List<TransactionFacts> inOrder = new ArrayList<>();
    private final List<LogJudge> logs = new ArrayList<>();

    Judge(World world) {
        this.world = world;
        for (int i = 0; i < world.parameters.shards(); i++) {
            logs.add(new LogJudge(world, this, i));
        }
    }

    LogJudge log(int shard) {
        return logs.get(shard);
    }

    List<TransactionFacts> all() {
        return inOrder;
    }

    @Nullable
    TransactionFacts known(Xid xid) {
        return facts.get(xid);
    }

    TransactionFacts of(Xid xid) {
        TransactionFacts known = facts.get(xid);
        if (known == null) {
            throw new Violation(Law.AC1, "somebody speaks of " + xid + ", which nobody began");
        }
        return known;
    }

    // ---- whose luck a message has ----

    Luck luckOf(Xid xid, Luck otherwise) {
        TransactionFacts known = facts.get(xid);
        return known == null ? otherwise : known.luck(otherwise);
    }

    Luck luckOf(Command command, Luck otherwise) {
        Xid xid = Names.xidOf(command);
        return xid == null ? otherwise : luckOf(xid, otherwise);
    }

    Luck luckOf(Notice notice, Luck otherwise) {
        Xid xid = Names.xidOf(notice);
        return xid == null ? otherwise : luckOf(xid, otherwise);
    }

    Luck luckOf(Request request, Luck otherwise) {
        Xid xid = Names.xidOf(request);
        return xid == null ? otherwise : luckOf(xid, otherwise);
    }

    // ---- initiators ----

    /** A number was given out. */
    void begun(Xid xid, @Nullable TransactionRun run) {
        TransactionFacts fresh = new TransactionFacts(xid, run);
        if (facts.put(xid, fresh) != null) {
            throw new Violation(Law.AC2, xid + " was begun twice");
        }
        inOrder.add(fresh);
        world.hash(xid.seq() * 64 + xid.term());
    }

    void worksUnder(TransactionRun run, Xid xid) {
        of(xid).worksFor(run);
    }

    /** A call is about to run somewhere. */
    void ran(TransactionRun run, CallRun call) {
        Xid xid = run.xid();
        if (xid != null) {
            of(xid).ran(world, call);
        }
    }

    /** An initiator got an answer that stands for ever, or a leader says something. */
    void told(Xid xid, Answer answer, ServiceProcess to) {
        world.hash(answer.getClass().getSimpleName().hashCode());
        Tellings.told(world, of(xid), answer, true);
    }

    /** A leader answers a request, whether or not the answer arrives. */
    void answered(RequestId request, Answer answer) {
        Tellings.markRefusals(world, answer);
    }

    // ---- branches ----

    void opened(LocalTransaction work) {
        of(work.ref.xid()).branches.add(work);
    }

    void noticed(Notice notice, ServiceProcess by) {
        if (notice instanceof Notice.Voted voted && voted.vote() instanceof dev.assent.protocol.Vote.Yes) {
            TransactionFacts of = of(voted.xid());
            LocalTransaction work = of.branch(voted.branch());
            if (work == null || work.isActive()) {
                throw new Violation(Law.AC3, voted.branch() + " votes YES and is not durably prepared: " + work);
            }
        }
    }

    void branchCommitted(LocalTransaction work) {
        TransactionFacts of = of(work.ref.xid());
        if (of.hasEnded) {
            world.marks.sometimes(Mark.COMMITTED_AFTER_THE_END);
        }
        if (!of.isDecidedFor(work.ref.branch())) {
            throw new Violation(Law.AC1, work.ref + " commits, and no decision says so");
        }
    }

    void branchRolledBack(LocalTransaction work) {
        TransactionFacts of = of(work.ref.xid());
        if (of.isDecidedFor(work.ref.branch())) {
            throw new Violation(Law.AC1, work.ref + " was prepared and rolls back, and its commit is decided");
        }
    }

    void decidedByHand(LocalTransaction work) {
        world.hash(work.ref.branch().number() * 8 + 7);
        of(work.ref.xid()).isTouchedByHand = true;
    }

    void rowRemoved(LocalTransaction work) {
        TransactionFacts of = of(work.ref.xid());
        if (!of.hasEnded && !of.isForgotten(world)) {
            throw new Violation(Law.AC7, "the row of " + work.ref + " is removed before its transaction has ended");
        }
    }

    void stuck(BranchRef ref, Command.Verdict verdict) {
        boolean isExpired = verdict == Command.Verdict.EXPIRED && of(ref.xid()).isForgotten(world);
        if (!isExpired) {
            throw new Violation(Law.AC6, ref + " is told " + verdict + " and needs an operator");
        }
        world.marks.sometimes(Mark.STUCK_IN_DOUBT);
        world.operators.stuck(ref);
    }
}
