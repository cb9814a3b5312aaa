package dev.assent.simulation;

import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.ShardCore;
import java.util.List;

/** Which state met which input. */
final class Coverage {
    private final boolean isOn;

    Coverage(boolean isOn) {
        this.isOn = isOn;
    }

    void before(ShardCore core, Input input, long nowNanos) {
        if (isOn) {
            return;
        }
    }

    void before(BranchCore core, BranchInput input) {
        if (isOn) {
            return;
        }
    }

    void after(List<Effect> effects) {
        if (isOn) {
            return;
        }
    }
}
