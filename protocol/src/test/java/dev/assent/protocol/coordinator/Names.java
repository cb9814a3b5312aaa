package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BlockId;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The identifiers of all scenarios, and how a transcript writes them: short, so that one event fits one line. */
final class Names {
    static final ClusterId CLUSTER = new ClusterId("shop", "abcdefgh");
    static final ClusterId FOREIGN = new ClusterId("shop", "restored");
    static final int SHARD = 0;
    /** Serves a. */
    static final InstanceId P1 = instance("p1");
    /** Serves b. */
    static final InstanceId Q1 = instance("q1");
    /** Serves a, too. */
    static final InstanceId P2 = instance("p2");
    /** Serves nothing: it begins transactions. */
    static final InstanceId I1 = instance("i1");

    static final BranchId A1 = branch("a", P1, 1);
    static final BranchId A2 = branch("a", P1, 2);
    static final BranchId B1 = branch("b", Q1, 1);

    private Names() {}

    static InstanceId instance(String name) {
        return new InstanceId(name + "0".repeat(InstanceId.LENGTH - name.length()));
    }

    static BranchId branch(String resource, InstanceId instance, long number) {
        return new BranchId(new ResourceName(resource), instance, number);
    }

    static Xid xid(long term, long seq) {
        return new Xid(CLUSTER, SHARD, term, seq);
    }

    /** One call in each of these branches. */
    static CallSums sums(BranchId... branches) {
        return new CallSums(
                Arrays.stream(branches)
                        .sorted(Comparator.naturalOrder())
                        .map(b -> new CallSums.BranchCalls(b, 1))
                        .toList(),
                true);
    }

    static String show(Object value) {
        if (value instanceof Xid xid) {
            String where = xid.cluster().equals(CLUSTER) ? "x" : "foreign-x";
            return where + (xid.shard() == SHARD ? "" : xid.shard() + ".") + xid.term() + "." + xid.seq();
        } else if (value instanceof BranchId id) {
            return id.resource().value() + id.number() + "@" + show(id.instance());
        } else if (value instanceof InstanceId id) {
            return id.incarnation().replaceAll("0+$", "");
        } else if (value instanceof RequestId id) {
            return "r" + id.number();
        } else if (value instanceof BlockId block) {
            return "block" + block.term() + "/" + block.number();
        } else if (value instanceof ResourceName || value instanceof NodeId || value instanceof ClusterId) {
            return value.toString();
        } else if (value instanceof Vote vote) {
            return vote instanceof Vote.No no ? "NO(" + no.reason() + ")" : vote == Vote.YES ? "YES" : "READ_ONLY";
        } else if (value instanceof AbortCause cause) {
            return cause.kind() + cause.branch().map(b -> "(" + show(b) + ")").orElse("");
        } else if (value instanceof CallSums sums) {
            return sums.branches().stream()
                    .map(b -> show(b.branch()) + "=" + b.calls())
                    .collect(Collectors.joining(",", sums.isComplete() ? "{" : "incomplete{", "}"));
        } else if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? show(optional.get()) : "-";
        } else if (value instanceof List<?> list) {
            return list.stream().map(Names::show).collect(Collectors.joining(",", "[", "]"));
        } else if (value instanceof Record record) {
            return showRecord(record);
        }
        return String.valueOf(value);
    }

    private static String showRecord(Record record) {
        List<String> words = new ArrayList<>();
        words.add(record.getClass().getSimpleName());
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            words.add(showComponent(record, component));
        }
        return String.join(" ", words);
    }

    private static String showComponent(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(record);
            boolean isTime = component.getName().endsWith("Nanos");
            return isTime ? TimeUnit.NANOSECONDS.toMillis((Long) value) + "ms" : show(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
