package dev.assent.coordinator.session;

import dev.assent.proto.v1.Frame;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.Optional;

/**
 * What a process is told whose frame names a shard that this node does not have: a shard of the cluster is led elsewhere,
 * any other does not exist.
 */
final class Misaddressed {
    private Misaddressed() {}

    /**
     * The reply to what arrived.
     *
     * @param isOfCluster whether the cluster has the shard
     * @return nothing if the frame has no reply; it is dropped then
     */
    static Optional<Frame> reply(Arrival arrival, boolean isOfCluster) {
        if (arrival instanceof Arrival.Asked asked) {
            Answer.Reason reason = isOfCluster ? Answer.Reason.NOT_LEADER : Answer.Reason.WRONG_SHARD;
            String detail = "this node does not have shard " + asked.shard();
            return Optional.of(NodeFrames.answer(asked.number(), new Answer.Refused(reason, 0, detail)));
        }
        return arrival instanceof Arrival.Told told
                ? command(told.notice(), isOfCluster).map(command -> NodeFrames.command(told.shard(), command))
                : Optional.empty();
    }

    private static Optional<Command> command(Notice notice, boolean isOfCluster) {
        if (notice instanceof Notice.Enlist it) {
            Command.Refusal refusal = isOfCluster ? Command.Refusal.NOT_LEADER : Command.Refusal.WRONG_SHARD;
            return Optional.of(new Command.EnlistRefused(it.xid(), it.branch(), refusal));
        } else if (notice instanceof Notice.Asked it) {
            Command.Verdict verdict = isOfCluster ? Command.Verdict.NOT_LEADER : Command.Verdict.WRONG_SHARD;
            return Optional.of(new Command.BranchAnswer(it.xid(), it.branch(), verdict));
        } else if (notice instanceof Notice.RowShown it && isOfCluster) {
            return Optional.of(new Command.RowAnswer(it.xid(), it.branch(), Command.RowVerdict.NOT_LEADER));
        }
        return Optional.empty();
    }
}
