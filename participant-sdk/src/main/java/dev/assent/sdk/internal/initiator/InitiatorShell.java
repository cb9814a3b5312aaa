package dev.assent.sdk.internal.initiator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.initiator.InitiatorEffect;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Command;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.shell.CoordinatorLink;
import dev.assent.sdk.internal.shell.Core;
import dev.assent.sdk.internal.shell.CoreDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives {@code InitiatorCore}. Nothing here blocks: every wish is a future, which whoever may wait waits for. A future
 * that its caller gave up does no harm: the core goes on asking until the transaction is settled.
 *
 * <p>Safe for use by several threads.
 */
public final class InitiatorShell {
    private static final Logger log = LoggerFactory.getLogger(InitiatorShell.class);

    private final CoordinatorLink link;
    private final FaultSeam faults;
    private final CoreDriver<InitiatorInput, InitiatorEffect> driver;

    private final AtomicLong nextToken = new AtomicLong();
    private final Map<Long, CompletableFuture<Optional<BegunXid>>> beginning = new ConcurrentHashMap<>();
    private final Map<Xid, BegunXid> unseen = new ConcurrentHashMap<>();
    private final Map<Xid, CompletableFuture<Answer>> ending = new ConcurrentHashMap<>();
    private final Map<Xid, List<CompletableFuture<Optional<Answer>>>> questions = new ConcurrentHashMap<>();

    public InitiatorShell(
            Core<InitiatorInput, InitiatorEffect> core,
            CoordinatorLink link,
            FaultSeam faults,
            CoreDriver.Clocks clocks) {
        this.link = link;
        this.faults = faults;
        this.driver = new CoreDriver<>("InitiatorCore", core, new InitiatorInput.Tick(), this::carryOut, clocks);
    }

    /** Begins to see to numbers. */
    public void start() {
        driver.start();
    }

    /**
     * Begins a transaction.
     *
     * @param patience how long to wait for a number if none is at hand
     * @return empty if none could be had: nothing was begun. Whoever gives up waiting cancels it, and what was begun all the
     *     same is rolled back
     */
    public CompletableFuture<Optional<BegunXid>> begin(Duration timeout, Duration patience) {
        long token = nextToken.getAndIncrement();
        CompletableFuture<Optional<BegunXid>> begun = new CompletableFuture<>();
        beginning.put(token, begun);
        driver.give(new InitiatorInput.BeginWanted(token, timeout.toNanos(), patience.toNanos()));
        return begun;
    }

    /** Somebody is about to see the xid: it stays from now on. */
    void fixed(Xid xid) {
        unseen.remove(xid);
        driver.give(new InitiatorInput.Touched(xid));
    }

    /** Asks for the commit; completed with the answer that stands for ever. */
    public CompletableFuture<Answer> commit(Xid xid, AnswerMode mode, CallSums sums) {
        FaultSeam.Fate fate = faults.at(FaultPoint.COMMIT_BEFORE_SEND, FaultPlace.of(xid));
        return end(xid, fate, new InitiatorInput.CommitWanted(xid, mode, sums));
    }

    /** Asks for the rollback; completed with the answer that stands for ever. */
    public CompletableFuture<Answer> rollback(Xid xid, AbortCause cause) {
        return end(xid, FaultSeam.Fate.PROCEED, new InitiatorInput.RollbackWanted(xid, cause));
    }

    private CompletableFuture<Answer> end(Xid xid, FaultSeam.Fate fate, InitiatorInput wish) {
        CompletableFuture<Answer> answer = ending.computeIfAbsent(xid, x -> new CompletableFuture<>());
        if (fate != FaultSeam.Fate.DROP) {
            driver.give(wish);
        }
        if (fate == FaultSeam.Fate.DUPLICATE) {
            driver.give(wish);
        }
        return answer;
    }

    /** Asks what became of a transaction, this process's or another's; empty while it is not decided. */
    public CompletableFuture<Optional<Answer>> outcome(Xid xid) {
        CompletableFuture<Optional<Answer>> outcome = new CompletableFuture<>();
        questions.compute(xid, (x, waiting) -> {
            List<CompletableFuture<Optional<Answer>>> all = waiting == null ? new ArrayList<>(1) : waiting;
            all.add(outcome);
            return all;
        });
        driver.give(new InitiatorInput.OutcomeWanted(xid));
        return outcome;
    }

    /** Transactions whose commit or rollback was asked for and is not answered. */
    public int unsettledCount() {
        return ending.size();
    }

    // ---- the coordinator ----

    /** A block of numbers arrived. */
    public void leased(int shard, Command.Lease lease) {
        driver.give(new InitiatorInput.Leased(shard, lease));
    }

    /** An answer arrived. */
    public void answered(long number, Answer answer) {
        driver.give(new InitiatorInput.Answered(number, answer));
    }

    /** A leader is ready and reachable, or reachable again. */
    public void leaderReady(int shard, long term) {
        driver.give(new InitiatorInput.LeaderReady(shard, term));
    }

    // ---- effects: on the thread that drives the core, without blocking ----

    private void carryOut(InitiatorEffect effect) {
        if (effect instanceof InitiatorEffect.Tell tell) {
            link.tell(tell.shard(), tell.notice());
        } else if (effect instanceof InitiatorEffect.Ask ask) {
            link.ask(ask.shard(), ask.number(), ask.request());
        } else if (effect instanceof InitiatorEffect.Begun begun) {
            began(begun.token(), begun.xid());
        } else if (effect instanceof InitiatorEffect.BegunAnew anew) {
            begunAnew(anew.stale(), anew.fresh());
        } else if (effect instanceof InitiatorEffect.BeginFailed failed) {
            CompletableFuture<Optional<BegunXid>> begun = beginning.remove(failed.token());
            if (begun != null) {
                begun.complete(Optional.empty());
            }
        } else if (effect instanceof InitiatorEffect.Settled settled) {
            settle(settled.xid(), settled.answer());
        } else if (effect instanceof InitiatorEffect.StillPending pending) {
            tellAskers(pending.xid(), Optional.empty());
        }
    }

    private void began(long token, Xid xid) {
        CompletableFuture<Optional<BegunXid>> begun = beginning.remove(token);
        BegunXid holder = new BegunXid(xid, this);
        unseen.put(xid, holder);
        if (begun == null || !begun.complete(Optional.of(holder))) {
            unseen.remove(xid);
            driver.give(new InitiatorInput.RollbackWanted(
                    xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK, "nobody waits for it any more")));
        }
    }

    private void begunAnew(Xid stale, Xid fresh) {
        BegunXid holder = unseen.remove(stale);
        if (holder != null) {
            unseen.put(fresh, holder);
        }
        if (holder == null || !holder.replace(fresh)) {
            // Somebody saw the old number in the same moment and works under it, in vain; the new one is nobody's.
            unseen.remove(fresh);
            driver.give(new InitiatorInput.RollbackWanted(
                    fresh, AbortCause.of(AbortCause.Kind.ROLLED_BACK, "the transaction had begun to work")));
        }
    }

    private void settle(Xid xid, Answer answer) {
        log.debug("Transaction {} is settled: {}", xid, answer);
        CompletableFuture<Answer> end = ending.remove(xid);
        if (end != null) {
            end.complete(answer);
        }
        tellAskers(xid, Optional.of(answer));
    }

    private void tellAskers(Xid xid, Optional<Answer> answer) {
        List<CompletableFuture<Optional<Answer>>> waiting = questions.remove(xid);
        if (waiting != null) {
            waiting.forEach(question -> question.complete(answer));
        }
    }
}
