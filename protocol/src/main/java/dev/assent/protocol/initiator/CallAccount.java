package dev.assent.protocol.initiator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.CallSums.BranchCalls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The account of the calls of one scope: of the whole transaction at its initiator, of one incoming call at a participant.
 * A call that failed or is still open forbids the commit, whatever the application caught: what it did elsewhere is not
 * known, and a commit would make half of it last. Pure, not thread-safe.
 */
public final class CallAccount {
    private final TreeSet<BranchId> localBranches = new TreeSet<>();
    private final TreeMap<BranchId, Integer> branchesBelow = new TreeMap<>();
    private final Map<Long, String> openCalls = new LinkedHashMap<>();
    private final TreeSet<Long> closedCalls = new TreeSet<>();
    private boolean isComplete = true;
    private Optional<String> failure = Optional.empty();

    /** This scope works in a branch of this process: one call of it, however often it is used. */
    public void used(BranchId branch) {
        localBranches.add(branch);
    }

    /**
     * A call leaves.
     *
     * @param call its number within this scope; a transport's retry keeps it
     * @param name what is called, for people
     * @throws IllegalStateException if the number was used before
     */
    public void opened(long call, String name) {
        if (closedCalls.contains(call) || openCalls.putIfAbsent(call, name) != null) {
            throw new IllegalStateException("call " + call + " was opened before");
        }
    }

    /**
     * A call came back and said what happened below it; also one that failed inside an attempt and whose callee confirmed
     * that it undid its work, for that call is counted in the callee's vote as well. One that was answered before is not
     * counted twice.
     */
    public void succeeded(long call, CallReport report) {
        if (close(call)) {
            for (BranchCalls calls : report.sums().branches()) {
                branchesBelow.merge(calls.branch(), calls.calls(), CallAccount::sum);
            }
            isComplete &= report.sums().isComplete();
            report.forbids().ifPresent(this::forbid);
        }
    }

    /** A call came back through a hop without the SDK: nobody can say what ran below it. */
    public void succeededWithoutReport(long call) {
        if (close(call)) {
            isComplete = false;
        }
    }

    /** A call failed, or nobody knows how it ended. */
    public void failed(long call, String why) {
        String name = openCalls.getOrDefault(call, "");
        if (close(call)) {
            forbid("call " + name + " failed: " + why);
        }
    }

    /** The commit is forbidden for another reason. The first one is kept. */
    public void forbid(String why) {
        failure = failure.or(() -> Optional.of(why));
    }

    /** Why the transaction must not commit, as things stand; a call that is still open is named. */
    public Optional<String> forbidden() {
        if (failure.isPresent()) {
            return failure;
        }
        if (countBranches().size() > CallSums.MAX_BRANCHES) {
            return Optional.of("the transaction has more than " + CallSums.MAX_BRANCHES + " branches");
        }
        return openCalls.values().stream().findFirst().map(name -> "call " + name + " is still open");
    }

    /** What the answer of this scope says to its caller. */
    public CallReport report() {
        return new CallReport(sums(), forbidden());
    }

    /** What {@code Commit()} carries; not the whole account if {@link #forbidden()} says so. */
    public CallSums sums() {
        List<BranchCalls> branches = new ArrayList<>();
        countBranches().forEach((branch, calls) -> branches.add(new BranchCalls(branch, calls)));
        boolean fits = branches.size() <= CallSums.MAX_BRANCHES;
        return new CallSums(fits ? branches : branches.subList(0, CallSums.MAX_BRANCHES), isComplete && fits);
    }

    private Map<BranchId, Integer> countBranches() {
        Map<BranchId, Integer> counts = new TreeMap<>(branchesBelow);
        localBranches.forEach(branch -> counts.merge(branch, 1, CallAccount::sum));
        return counts;
    }

    private static int sum(int calls, int more) {
        return (int) Math.min(CallReport.MAX_CALLS, (long) calls + more);
    }

    /** Whether the call was open until now. What comes after its first end is a transport's repetition. */
    private boolean close(long call) {
        closedCalls.add(call);
        return openCalls.remove(call) != null;
    }
}
