package dev.assent.protocol.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.CallSums.BranchCalls;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rule 3: no silent half. */
class CallAccountTest {
    private final CallAccount account = new CallAccount();

    @Test
    void everyBranchIsNamedWithItsCalls() {
        account.used(branch(1));
        account.used(branch(1));
        account.opened(1, "stock");
        account.opened(2, "stock");
        account.succeeded(1, report(true, 1, 2));
        account.succeeded(2, report(true, 2, 3));
        assertThat(account.forbidden()).isEmpty();
        assertThat(account.sums())
                .isEqualTo(new CallSums(
                        List.of(
                                new BranchCalls(branch(1), 2),
                                new BranchCalls(branch(2), 2),
                                new BranchCalls(branch(3), 1)),
                        true));
        assertThat(account.report()).isEqualTo(new CallReport(account.sums(), Optional.empty()));
    }

    @Test
    void openCallForbidsTheCommitAndIsNamed() {
        account.opened(1, "stock.Reserve");
        account.opened(2, "mail.Send");
        assertThat(account.forbidden()).contains("call stock.Reserve is still open");
        account.succeeded(1, CallReport.EMPTY);
        assertThat(account.forbidden()).contains("call mail.Send is still open");
    }

    @Test
    void failedCallForbidsTheCommitForEver() {
        account.opened(1, "stock.Reserve");
        account.failed(1, "deadline exceeded");
        account.succeeded(1, CallReport.EMPTY);
        assertThat(account.forbidden()).contains("call stock.Reserve failed: deadline exceeded");
        assertThat(account.report().forbids()).isEqualTo(account.forbidden());
    }

    @Test
    void whatACallBelowForbidsIsPassedUp() {
        account.opened(1, "stock");
        account.succeeded(1, new CallReport(new CallSums(List.of(), true), Optional.of("call x failed")));
        account.forbid("another reason");
        assertThat(account.forbidden()).contains("call x failed");
    }

    @Test
    void hopWithoutTheSdkMakesTheAccountIncomplete() {
        account.opened(1, "proxy");
        account.succeededWithoutReport(1);
        account.opened(2, "stock");
        account.succeeded(2, report(true, 2));
        assertThat(account.forbidden()).isEmpty();
        assertThat(account.sums().isComplete()).isFalse();
        assertThat(account.sums().branches()).hasSize(1);
    }

    @Test
    void incompleteAccountBelowMakesThisOneIncomplete() {
        account.opened(1, "stock");
        account.succeeded(1, report(false, 2));
        assertThat(account.sums().isComplete()).isFalse();
    }

    @Test
    void answerThatArrivesTwiceIsCountedOnce() {
        account.opened(1, "stock");
        account.succeeded(1, report(true, 2));
        account.succeeded(1, report(true, 2));
        account.failed(1, "late");
        assertThat(account.sums().branches()).containsExactly(new BranchCalls(branch(2), 1));
        assertThat(account.forbidden()).isEmpty();
        assertThatThrownBy(() -> account.opened(1, "again")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void moreBranchesThanADecisionHoldsForbidTheCommit() {
        for (int i = 0; i < CallSums.MAX_BRANCHES; i++) {
            account.used(branch(i));
        }
        assertThat(account.forbidden()).isEmpty();
        account.used(branch(CallSums.MAX_BRANCHES));
        assertThat(account.forbidden()).contains("the transaction has more than 256 branches");
        assertThat(account.sums().isComplete()).isFalse();
    }

    @Test
    void reportSurvivesItsTextForm() {
        List<CallReport> reports = List.of(
                CallReport.EMPTY,
                report(true, 1),
                report(false, 1, 2, 3),
                new CallReport(new CallSums(List.of(), false), Optional.of("")),
                new CallReport(
                        new CallSums(List.of(new BranchCalls(branch(9), 999_999_999)), true),
                        Optional.of("call Überweisung; failed, 100% = \"broken\"\n…!")));
        for (CallReport report : reports) {
            String text = report.encode();
            assertThat(text.chars()).allMatch(c -> c >= ' ' && c < 127);
            assertThat(CallReport.parse(text)).isEqualTo(report);
        }
    }

    @Test
    void reportThatDoesNotFitForbidsTheCommit() {
        List<BranchCalls> many = new ArrayList<>();
        for (int i = 0; i < CallSums.MAX_BRANCHES; i++) {
            many.add(new BranchCalls(branch(i), 1));
        }
        CallReport parsed = CallReport.parse(new CallReport(new CallSums(many, true), Optional.empty()).encode());
        assertThat(parsed.forbids()).contains("the branches below a call do not fit into its answer");
        assertThat(parsed.sums().isComplete()).isFalse();
    }

    @Test
    void brokenReportsAreRefused() {
        String branch = branch(1).toString();
        for (String text : List.of(
                "",
                "1;c;",
                "2;c;;",
                "1;x;;",
                "1;c;;why",
                "1;c;;;",
                "1;c;" + branch + ";",
                "1;c;" + branch + "=;",
                "1;c;" + branch + "=0;",
                "1;c;" + branch + "=-1;",
                "1;c;" + branch + "=01;",
                "1;c;" + branch + "=1000000000;",
                "1;c;" + branch + "=1," + branch + "=1;",
                "1;c;" + branch + "=1,;",
                "1;c;nonsense=1;",
                "1;c;;!" + "a".repeat(CallReport.MAX_BYTES))) {
            assertThatThrownBy(() -> CallReport.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(CallReport.parse("1;c;;!%zz\u0001%4").forbids()).contains("??%4");
    }

    private static CallReport report(boolean isComplete, long... branches) {
        List<BranchCalls> calls = new ArrayList<>();
        for (long branch : branches) {
            calls.add(new BranchCalls(branch(branch), 1));
        }
        return new CallReport(new CallSums(calls, isComplete), Optional.empty());
    }

    private static BranchId branch(long number) {
        return new BranchId(new ResourceName("inventory-db"), new InstanceId("selfselfself"), number);
    }
}
