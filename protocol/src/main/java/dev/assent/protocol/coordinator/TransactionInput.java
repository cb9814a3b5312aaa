package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BranchReport;

/** What reaches one transaction in its leader's memory. */
sealed interface TransactionInput {
    record Begun(RequestId request) implements TransactionInput {}

    record Enlisted(InstanceId instance, BranchId branch) implements TransactionInput {}

    record Voted(InstanceId instance, BranchId branch, Vote vote, int calls) implements TransactionInput {}

    record Asked(InstanceId instance, BranchId branch) implements TransactionInput {}

    record Reported(InstanceId instance, BranchId branch, BranchReport report) implements TransactionInput {}

    record CommitWanted(RequestId request, AnswerMode mode, CallSums sums) implements TransactionInput {}

    record RollbackWanted(RequestId request, AbortCause cause) implements TransactionInput {}

    record OutcomeWanted(RequestId request) implements TransactionInput {}

    /** Its own decision was applied. A void one never gets here: it deposes the whole core. */
    record DecisionStood() implements TransactionInput {}

    /** The record that ends it was applied: its outcome is a bit now. */
    record EndStood() implements TransactionInput {}

    /** A heuristic or an operator's settlement stands: the branch is done with. */
    record BranchClosed(BranchId branch) implements TransactionInput {}

    /** An operator's record stands: nobody waits for the branch any more. */
    record BranchAbandoned(BranchId branch) implements TransactionInput {}

    /** The process that held branches is dead. */
    record InstanceLost(InstanceId instance) implements TransactionInput {}

    /** An instance has a stream to this node again: what it missed is told at once. */
    record InstanceBack(InstanceId instance) implements TransactionInput {}

    /** Time passed. */
    record Woken() implements TransactionInput {}
}
