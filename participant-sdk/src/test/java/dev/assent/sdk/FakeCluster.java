package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import dev.assent.sdk.internal.session.SessionIdentity;
import dev.assent.sdk.internal.session.SessionListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** A cluster of one shard and one leader that never fails, on one thread: enough to drive the shells of the SDK. */
final class FakeCluster implements Connector, AutoCloseable {
    private static final ClusterId CLUSTER = new ClusterId("fake", "abcd1234");
    private static final long TERM = 1;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Map<InstanceId, SessionListener> instances = new ConcurrentHashMap<>();
    private final Map<Xid, Transaction> transactions = new TreeMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private long nextBlock;
    private volatile boolean holdsEnlistments;
    private volatile boolean isMute;

    private static final class Transaction {
        final TreeSet<BranchId> enlisted = new TreeSet<>();
        final TreeMap<BranchId, Notice.Voted> votes = new TreeMap<>();
        final TreeSet<BranchId> unacknowledged = new TreeSet<>();
        final List<Runnable> waiting = new ArrayList<>();
        Optional<CallSums> sums = Optional.empty();
        Optional<Answer> answer = Optional.empty();
    }

    /** From now on enlistments are answered only by {@link #releaseEnlistments}. */
    void holdEnlistments() {
        holdsEnlistments = true;
    }

    void releaseEnlistments() {
        thread.execute(() -> {
            holdsEnlistments = false;
            held.forEach(Runnable::run);
            held.clear();
        });
    }

    /** From now on no commit, rollback or question is answered. */
    void fallMute() {
        isMute = true;
    }

    void speakAgain() {
        isMute = false;
    }

    @Override
    public Connection open(List<String> coordinators, SessionIdentity identity, SessionListener listener) {
        instances.put(identity.instance(), listener);
        thread.execute(() -> {
            listener.clusterKnown(CLUSTER, 1);
            listener.leaderReady(0, TERM);
        });
        return new Stream(identity.instance(), listener);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private final class Stream implements Connection {
        private final InstanceId instance;
        private final SessionListener listener;

        Stream(InstanceId instance, SessionListener listener) {
            this.instance = instance;
            this.listener = listener;
        }

        @Override
        public void tell(int shard, Notice notice) {
            onThread(() -> told(listener, notice));
        }

        @Override
        public void ask(int shard, long number, Request request) {
            onThread(() -> asked(request, answer -> {
                if (!isMute) {
                    listener.answered(number, answer);
                }
            }));
        }

        @Override
        public Map<String, String> status() {
            return Map.of("fake:1", "connected");
        }

        @Override
        public void close() {
            instances.remove(instance);
        }
    }

    private void onThread(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            // The cluster is gone, and with it whatever is said to it.
            assert thread.isShutdown();
        }
    }

    private interface Replies {
        void answer(Answer answer);
    }

    private void told(SessionListener from, Notice notice) {
        if (notice instanceof Notice.BlockWanted) {
            from.told(0, new Command.Lease(new BlockId(TERM, nextBlock++), 600_000_000_000L));
        } else if (notice instanceof Notice.Enlist enlist) {
            if (holdsEnlistments) {
                held.add(() -> enlist(enlist));
            } else {
                enlist(enlist);
            }
        } else if (notice instanceof Notice.Voted voted) {
            Transaction transaction = transaction(voted.xid());
            transaction.votes.putIfAbsent(voted.branch(), voted);
            decide(voted.xid(), transaction);
        } else if (notice instanceof Notice.Reported reported) {
            Transaction transaction = transaction(reported.xid());
            transaction.unacknowledged.remove(reported.branch());
            if (transaction.unacknowledged.isEmpty() && transaction.answer.isPresent()) {
                transaction.waiting.forEach(Runnable::run);
                transaction.waiting.clear();
            }
        }
    }

    private void enlist(Notice.Enlist enlist) {
        Transaction transaction = transaction(enlist.xid());
        if (transaction.answer.isPresent()) {
            send(new Command.EnlistRefused(enlist.xid(), enlist.branch(), Command.Refusal.ABORTED), enlist.branch());
            return;
        }
        transaction.enlisted.add(enlist.branch());
        send(new Command.EnlistAcknowledged(enlist.xid(), enlist.branch()), enlist.branch());
    }

    private void asked(Request request, Replies replies) {
        if (request instanceof Request.Commit commit) {
            Transaction transaction = transaction(commit.xid());
            transaction.sums = Optional.of(commit.sums());
            transaction.waiting.add(() -> replies.answer(transaction.answer.orElseThrow()));
            if (transaction.answer.isEmpty()) {
                transaction.enlisted.forEach(branch -> send(new Command.Prepare(commit.xid(), branch), branch));
            }
            decide(commit.xid(), transaction);
        } else if (request instanceof Request.Rollback rollback) {
            abort(rollback.xid(), transaction(rollback.xid()), rollback.cause());
            replies.answer(transaction(rollback.xid()).answer.orElseThrow());
        } else if (request instanceof Request.OutcomeQuestion question) {
            replies.answer(transaction(question.xid()).answer.orElse(new Answer.Pending()));
        } else if (request instanceof Request.Begin begin) {
            replies.answer(new Answer.Begun(begin.xid().orElseThrow(), begin.timeoutNanos()));
        }
    }

    private void decide(Xid xid, Transaction transaction) {
        if (transaction.answer.isEmpty() && transaction.sums.isPresent()) {
            if (!transaction.votes.keySet().containsAll(transaction.enlisted)) {
                return;
            }
            Optional<AbortCause> obstacle = obstacle(transaction);
            if (obstacle.isPresent()) {
                abort(xid, transaction, obstacle.get());
            } else {
                transaction.answer = Optional.of(new Answer.Committed(List.of()));
                transaction.votes.values().stream()
                        .filter(voted -> voted.vote() instanceof Vote.Yes)
                        .map(Notice.Voted::branch)
                        .forEach(transaction.unacknowledged::add);
                transaction.unacknowledged.forEach(branch -> send(new Command.CommitBranch(xid, branch), branch));
            }
        }
        if (transaction.answer.isPresent() && transaction.unacknowledged.isEmpty()) {
            transaction.waiting.forEach(Runnable::run);
            transaction.waiting.clear();
        }
    }

    private static Optional<AbortCause> obstacle(Transaction transaction) {
        for (Notice.Voted voted : transaction.votes.values()) {
            if (voted.vote() instanceof Vote.No no) {
                return Optional.of(AbortCause.of(AbortCause.Kind.VOTED_NO, voted.branch(), no.reason()));
            }
        }
        for (CallSums.BranchCalls calls : transaction.sums.orElseThrow().branches()) {
            Notice.Voted voted = transaction.votes.get(calls.branch());
            if (voted == null) {
                return Optional.of(AbortCause.of(AbortCause.Kind.BRANCH_MISSING, calls.branch(), ""));
            } else if (voted.calls() != calls.calls()) {
                return Optional.of(AbortCause.of(
                        AbortCause.Kind.CALL_UNACCOUNTED,
                        calls.branch(),
                        voted.calls() + " ran, " + calls.calls() + " were accounted for"));
            }
        }
        return Optional.empty();
    }

    private void abort(Xid xid, Transaction transaction, AbortCause cause) {
        if (transaction.answer.isEmpty()) {
            transaction.answer = Optional.of(new Answer.Aborted(cause));
            transaction.enlisted.forEach(branch -> send(new Command.AbortBranch(xid, branch), branch));
        }
    }

    private void send(Command command, BranchId to) {
        SessionListener listener = instances.get(to.instance());
        if (listener != null) {
            listener.told(0, command);
        }
    }

    private Transaction transaction(Xid xid) {
        return transactions.computeIfAbsent(xid, x -> new Transaction());
    }
}
