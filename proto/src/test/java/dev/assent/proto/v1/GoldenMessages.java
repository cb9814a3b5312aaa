package dev.assent.proto.v1;

import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.Map;

/** One message of each kind of the public contract, with every field that the kind has. */
final class GoldenMessages {
    private static final String CLUSTER = "bank-k3v9x2ma";
    private static final String XID = CLUSTER + ".7.41.90071";
    private static final String BRANCH = "inventory-db.a1b2c3d4e5f6.12";
    private static final String OTHER_BRANCH = "ledger.z9y8x7w6v5u4.300";
    private static final int MILLIS = 29_750;

    private GoldenMessages() {}

    static Map<String, Message> frames() {
        Map<String, Message> all = new LinkedHashMap<>();
        framesOfProcesses(all);
        framesOfNodes(all);
        return all;
    }

    static Map<String, Message> sessions() {
        Map<String, Message> all = new LinkedHashMap<>();
        put(all, hello());
        put(all, welcome());
        put(
                all,
                InstanceMessage.newBuilder()
                        .setHello(hello())
                        .addFrames(branch(Frame.Kind.ENLIST).setMillis(MILLIS))
                        .addFrames(branch(Frame.Kind.ASK))
                        .setGoodbye(true)
                        .build());
        put(
                all,
                NodeMessage.newBuilder()
                        .setWelcome(welcome())
                        .addFrames(branch(Frame.Kind.ENLIST_ACKNOWLEDGED))
                        .addFrames(branch(Frame.Kind.PREPARE))
                        .build());
        return all;
    }

    static Map<String, Message> calls() {
        Map<String, Message> all = new LinkedHashMap<>();
        put(all, BeginRequest.newBuilder().setTimeoutMillis(MILLIS).build());
        put(all, BeginResponse.newBuilder().setXid(XID).setTimeoutMillis(MILLIS).build());
        put(
                all,
                CommitRequest.newBuilder()
                        .setXid(XID)
                        .setMode(AnswerMode.AFTER_DECISION)
                        .setSums(sums())
                        .build());
        put(all, CommitResponse.newBuilder().setResult(result()).build());
        put(
                all,
                RollbackRequest.newBuilder()
                        .setXid(XID)
                        .setReason("stock is gone – größer")
                        .build());
        put(all, RollbackResponse.newBuilder().setResult(result()).build());
        put(all, GetOutcomeRequest.newBuilder().setXid(XID).build());
        put(all, GetOutcomeResponse.newBuilder().setResult(result()).build());
        put(all, GetTransactionRequest.newBuilder().setXid(XID).build());
        put(all, GetTransactionResponse.newBuilder().setTransaction(view()).build());
        put(all, ListTransactionsRequest.newBuilder().setLimit(250).build());
        put(
                all,
                ListTransactionsResponse.newBuilder()
                        .addTransactions(view())
                        .setLeftOff(1_000_000)
                        .addShards(1)
                        .addShards(1023)
                        .build());
        return all;
    }

    private static void framesOfProcesses(Map<String, Message> all) {
        put(all, frame(Frame.Kind.BLOCK_WANTED).setShard(7));
        put(all, frame(Frame.Kind.BLOCK_RETURNED).setShard(7).setTerm(41).setSeq(87));
        put(all, branch(Frame.Kind.ENLIST).setMillis(MILLIS));
        put(
                all,
                branch(Frame.Kind.VOTE)
                        .setCode(VoteCode.VOTE_NO_VALUE)
                        .setCalls(3)
                        .setDetail("constraint 'positive' fails"));
        put(all, branch(Frame.Kind.ASK));
        put(all, branch(Frame.Kind.REPORT).setCode(ReportCode.REPORT_NOT_MINE_VALUE));
        put(all, branch(Frame.Kind.ROW_SHOWN));
        put(all, xid(Frame.Kind.BEGIN).setRequest(70_000).setMillis(MILLIS));
        put(
                all,
                xid(Frame.Kind.COMMIT)
                        .setRequest(70_001)
                        .setMode(AnswerMode.AFTER_DECISION)
                        .setSums(sums()));
        put(all, xid(Frame.Kind.ROLLBACK).setRequest(70_002).setCause(cause()));
        put(all, xid(Frame.Kind.OUTCOME).setRequest(70_003));
    }

    private static void framesOfNodes(Map<String, Message> all) {
        put(all, frame(Frame.Kind.LEADING).setShard(7).setTerm(41));
        put(all, frame(Frame.Kind.LEASE).setShard(7).setTerm(41).setSeq(88).setMillis(600_000));
        put(all, branch(Frame.Kind.ENLIST_ACKNOWLEDGED));
        put(all, branch(Frame.Kind.ENLIST_REFUSED).setCode(RefusalCode.REFUSAL_FOREIGN_VALUE));
        put(all, branch(Frame.Kind.PREPARE));
        put(all, branch(Frame.Kind.COMMIT_BRANCH));
        put(all, branch(Frame.Kind.ABORT_BRANCH));
        put(all, branch(Frame.Kind.BRANCH_ANSWER).setCode(VerdictCode.VERDICT_WRONG_SHARD_VALUE));
        put(all, branch(Frame.Kind.ROW_ANSWER).setCode(RowVerdictCode.ROW_NOT_LEADER_VALUE));
        put(all, branch(Frame.Kind.FORGET));
        put(all, xid(Frame.Kind.BEGUN).setRequest(70_000).setMillis(MILLIS));
        put(all, frame(Frame.Kind.RESULT).setRequest(70_001).setResult(result()));
        put(
                all,
                frame(Frame.Kind.REFUSED)
                        .setRequest(70_002)
                        .setReason("NOT_LEADER")
                        .setTerm(42)
                        .setDetail("shard 7 is led by node n2"));
        put(
                all,
                frame(Frame.Kind.MEMBERS)
                        .setSeq(90_072)
                        .addNodes("n2=node-2.example.org:7101")
                        .addNodes("n4=10.0.0.4:7101"));
    }

    private static void put(Map<String, Message> all, Frame.Builder frame) {
        all.put(frame.getKind().name(), frame.build());
    }

    private static void put(Map<String, Message> all, Message message) {
        all.put(message.getDescriptorForType().getName(), message);
    }

    private static Frame.Builder frame(Frame.Kind kind) {
        return Frame.newBuilder().setKind(kind);
    }

    private static Frame.Builder xid(Frame.Kind kind) {
        return frame(kind).setShard(7).setTerm(41).setSeq(90_071);
    }

    private static Frame.Builder branch(Frame.Kind kind) {
        return xid(kind).setBranch(BRANCH);
    }

    private static Hello hello() {
        return Hello.newBuilder()
                .setOldestVersion(1)
                .setNewestVersion(2)
                .setInstance("a1b2c3d4e5f6")
                .setName("shop-2")
                .addResources("inventory-db")
                .addResources("ledger")
                .setCluster(CLUSTER)
                .setSoftware("assent-java 1.0.0")
                .build();
    }

    private static Welcome welcome() {
        return Welcome.newBuilder()
                .setVersion(1)
                .setCluster(CLUSTER)
                .setShards(1024)
                .setNode("n1")
                .setSessionLeaseMillis(10_000)
                .addLeads(Leadership.newBuilder().setShard(7).setTerm(41))
                .addLeads(Leadership.newBuilder().setShard(1023).setTerm(99_999_999_999_999L))
                .build();
    }

    private static CallSums sums() {
        return CallSums.newBuilder()
                .addBranches(BranchCalls.newBuilder().setBranch(BRANCH).setCalls(2))
                .addBranches(BranchCalls.newBuilder().setBranch(OTHER_BRANCH).setCalls(300))
                .setComplete(true)
                .build();
    }

    private static AbortCause cause() {
        return AbortCause.newBuilder()
                .setKind(AbortCause.Kind.CALL_FAILED)
                .setBranch(BRANCH)
                .setDetail("POST /reserve answered 500")
                .build();
    }

    private static Result result() {
        return Result.newBuilder()
                .setOutcome(Outcome.MIXED)
                .addBranches(BRANCH)
                .addBranches(OTHER_BRANCH)
                .setCause(cause())
                .build();
    }

    private static TransactionView view() {
        return TransactionView.newBuilder()
                .setXid(XID)
                .setState("COMMITTING")
                .addBranches(BranchView.newBuilder().setBranch(BRANCH).setState("UNACKNOWLEDGED"))
                .setDecidedAtMillis(1_790_000_000_123L)
                .setRemainingMillis(MILLIS)
                .setCause(cause())
                .build();
    }
}
