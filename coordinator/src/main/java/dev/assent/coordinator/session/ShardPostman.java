package dev.assent.coordinator.session;

import dev.assent.coordinator.shard.Postman;
import dev.assent.proto.v1.Frame;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One shard's words, gathered for a turn; the shard's thread alone uses it. */
final class ShardPostman implements Postman {
    private final int shard;
    private final SessionTable sessions;
    private final Map<String, List<Frame>> turn = new LinkedHashMap<>();

    ShardPostman(int shard, SessionTable sessions) {
        this.shard = shard;
        this.sessions = sessions;
    }

    @Override
    public void send(InstanceId to, Command command) {
        if (sessions.stream(to.incarnation()) != null) {
            add(to.incarnation(), NodeFrames.command(shard, command));
        }
    }

    @Override
    public void reply(RequestId request, Answer answer) {
        if (sessions.stream(request.origin()) != null) {
            add(request.origin(), NodeFrames.answer(request.number(), answer));
        }
    }

    @Override
    public void announceReady(long term) {
        sessions.announceReady(shard, term);
    }

    @Override
    public void announceLost() {
        sessions.announceLost(shard);
    }

    @Override
    public void flush() {
        turn.forEach((incarnation, frames) -> {
            InstanceStream stream = sessions.stream(incarnation);
            if (stream != null) {
                stream.send(frames);
            }
        });
        turn.clear();
    }

    private void add(String incarnation, Frame frame) {
        turn.computeIfAbsent(incarnation, unused -> new ArrayList<>()).add(frame);
    }
}
