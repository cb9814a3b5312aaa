package dev.assent.coordinator.shard;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.TransactionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A core that notes what it is given and wants what the test says. */
final class ScriptedCore implements Core {
    final List<Input> inputs = new ArrayList<>();
    final Function<Input, List<Effect>> script;
    long deadlineNanos = Long.MAX_VALUE;

    ScriptedCore(Function<Input, List<Effect>> script) {
        this.script = script;
    }

    @Override
    public List<Effect> on(Input input, long nowNanos) {
        inputs.add(input);
        if (input instanceof Input.Tick) {
            deadlineNanos = Long.MAX_VALUE;
        }
        return script.apply(input);
    }

    @Override
    public long nextDeadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public Optional<TransactionView> view(Xid xid, long nowNanos) {
        return Optional.empty();
    }

    @Override
    public List<TransactionView> views(int limit, long nowNanos) {
        return List.of();
    }

    @Override
    public int transactionCount() {
        return inputs.size();
    }
}
