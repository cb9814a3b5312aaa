package dev.assent.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.message.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A benchmark of transactions that are refused would be fast and worth nothing. */
class OneShardTest {
    @Test
    void everyTransactionCommitsAndEnds() {
        OneShard shard = new OneShard();
        List<Effect> effects = new ArrayList<>();
        // More than one block of numbers.
        for (int i = 0; i < 3_000; i++) {
            shard.transaction(input -> run(shard, input, effects));
        }

        assertThat(shard.committed()).isEqualTo(3_000);
        assertThat(effects)
                .filteredOn(
                        effect -> effect instanceof Effect.Reply reply && reply.answer() instanceof Answer.Committed)
                .hasSize(3_000);
        assertThat(effects)
                .filteredOn(
                        effect -> effect instanceof Effect.Append append && append.record() instanceof LogRecord.Ended)
                .hasSize(3_000);
    }

    private static void run(OneShard shard, Input input, List<Effect> effects) {
        for (Effect effect : shard.on(input)) {
            effects.add(effect);
            shard.take(effect);
        }
    }
}
