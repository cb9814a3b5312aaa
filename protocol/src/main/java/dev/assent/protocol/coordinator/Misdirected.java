package dev.assent.protocol.coordinator;

import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.RowVerdict;
import dev.assent.protocol.message.Command.Verdict;
import java.util.Optional;

/** Why a leader may say nothing about an xid: the checks that come before every row of the table of answers. */
enum Misdirected {
    /** Of another cluster, or another life of this one. */
    FOREIGN,
    /** Of another shard. */
    WRONG_SHARD,
    /** Of a later term than this leader's: there is a newer leader, or the xid is forged. It deposes nobody. */
    LATER_TERM;

    static Optional<Misdirected> of(Xid xid, ShardIdentity identity, long term) {
        if (!xid.cluster().equals(identity.cluster())) {
            return Optional.of(FOREIGN);
        } else if (xid.shard() != identity.shard()) {
            return Optional.of(WRONG_SHARD);
        }
        return xid.term() > term ? Optional.of(LATER_TERM) : Optional.empty();
    }

    Answer refusal(Xid xid, long ownTerm) {
        return switch (this) {
            case FOREIGN ->
                new Answer.Refused(
                        Answer.Reason.FOREIGN,
                        0,
                        "transaction " + xid + " is of another cluster or of another life of it");
            case WRONG_SHARD ->
                new Answer.Refused(Answer.Reason.WRONG_SHARD, 0, "transaction " + xid + " is of shard " + xid.shard());
            case LATER_TERM ->
                new Answer.Refused(
                        Answer.Reason.NOT_LEADER, ownTerm, "transaction " + xid + " began under a later leader");
        };
    }

    Refusal enlistment() {
        return switch (this) {
            case FOREIGN -> Refusal.FOREIGN;
            case WRONG_SHARD -> Refusal.WRONG_SHARD;
            case LATER_TERM -> Refusal.NOT_LEADER;
        };
    }

    Verdict verdict() {
        return switch (this) {
            case FOREIGN -> Verdict.FOREIGN;
            case WRONG_SHARD -> Verdict.WRONG_SHARD;
            case LATER_TERM -> Verdict.NOT_LEADER;
        };
    }

    RowVerdict row() {
        return this == LATER_TERM ? RowVerdict.NOT_LEADER : RowVerdict.FOREIGN;
    }
}
