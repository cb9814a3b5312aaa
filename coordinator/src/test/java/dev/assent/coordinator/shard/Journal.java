package dev.assent.coordinator.shard;

import dev.assent.coordinator.replication.ShardLog;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;

/** A log, a postman and a taker of replies that note everything in one list, in order. */
final class Journal implements ShardLog, Postman, Replies {
    final List<String> lines = new ArrayList<>();
    final List<List<LogRecord>> packs = new ArrayList<>();

    /** What was noted since the last time. */
    List<String> taken() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void append(long loop, long packNumber, List<LogRecord> records) {
        packs.add(records);
        lines.add("append " + packNumber + " of " + records.size());
    }

    @Override
    public void stepDown() {
        lines.add("stepDown");
    }

    @Override
    public void send(InstanceId to, Command command) {
        lines.add("send " + command.getClass().getSimpleName());
    }

    @Override
    public void reply(RequestId request, Answer answer) {
        lines.add("reply " + request);
    }

    @Override
    public void announceReady(long term) {
        lines.add("announceReady " + term);
    }

    @Override
    public void announceLost() {
        lines.add("announceLost");
    }

    @Override
    public void flush() {
        lines.add("flush");
    }
}
