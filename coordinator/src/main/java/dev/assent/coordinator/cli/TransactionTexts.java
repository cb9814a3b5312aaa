package dev.assent.coordinator.cli;

import dev.assent.cli.Json;
import dev.assent.proto.v1.AbortCause;
import dev.assent.proto.v1.BranchView;
import dev.assent.proto.v1.TransactionView;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Transactions as text and as JSON. */
final class TransactionTexts {
    private TransactionTexts() {}

    static ObjectNode json(TransactionView view) {
        ObjectNode object = Json.object().put("xid", view.getXid()).put("state", view.getState());
        ArrayNode branches = object.putArray("branches");
        for (BranchView branch : view.getBranchesList()) {
            branches.addObject().put("branch", branch.getBranch()).put("state", branch.getState());
        }
        if (view.getDecidedAtMillis() > 0) {
            object.put(
                    "decidedAt", Instant.ofEpochMilli(view.getDecidedAtMillis()).toString());
        } else {
            object.put("remainingMillis", Integer.toUnsignedLong(view.getRemainingMillis()));
        }
        if (view.hasCause()) {
            object.putObject("cause")
                    .put("kind", view.getCause().getKind().name())
                    .put("branch", view.getCause().getBranch())
                    .put("detail", view.getCause().getDetail());
        }
        return object;
    }

    /** When it was decided, or how long it has left. */
    static String when(TransactionView view) {
        if (view.getDecidedAtMillis() > 0) {
            return "decided " + Instant.ofEpochMilli(view.getDecidedAtMillis());
        }
        long millis = Integer.toUnsignedLong(view.getRemainingMillis());
        return millis == 0 ? "-" : String.format(Locale.ROOT, "%.1f s left", millis / 1_000.0);
    }

    /** Why it aborted; empty if it did not. */
    static String cause(TransactionView view) {
        if (!view.hasCause()) {
            return "";
        }
        AbortCause cause = view.getCause();
        String branch = cause.getBranch().isEmpty() ? "" : ", branch " + cause.getBranch();
        String detail = cause.getDetail().isEmpty() ? "" : ": " + cause.getDetail();
        return cause.getKind() + branch + detail;
    }
}
