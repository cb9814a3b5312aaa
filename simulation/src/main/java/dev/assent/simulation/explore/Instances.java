package dev.assent.simulation.explore;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.message.Notice;
import dev.assent.simulation.explore.InstanceState.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/** All states of participants that were reached, and what each step leads to, computed once by the real core. */
final class Instances {
    private final Interned<InstanceState> states;
    private final Interned<Message> messages;
    private final StepCache<InstanceStep, InstanceOutcome> steps = new StepCache<>(this::compute);
    private final BitSet pastVote = new BitSet();
    private final BitSet ended = new BitSet();
    private final BitSet acknowledged = new BitSet();

    Instances(Slots slots, Interned<Message> messages) {
        this.states = new Interned<>(slots);
        this.messages = messages;
    }

    /** A process that has just started. */
    int started(int slot, int life) {
        BranchCore core = new BranchCore(Names.instance(slot, life), List.of(Names.resource(slot)), Times.BRANCH, 0);
        // The application works in the first life alone; a later one is there for what its predecessor left.
        return number(new InstanceState(slot, life, core, life == 0 ? Call.NOT_MADE : Call.FAILED, 0));
    }

    /** Whether the only branch has voted or ended: then news of leaders changes nothing. */
    boolean isPastVote(int number) {
        return pastVote.get(number);
    }

    /** Whether the only branch has ended. */
    boolean isEnded(int number) {
        return ended.get(number);
    }

    /** Whether the only branch's enlistment was acknowledged. */
    boolean isAcknowledged(int number) {
        return acknowledged.get(number);
    }

    InstanceState state(int number) {
        return states.value(number);
    }

    long hash(int number, int order) {
        return states.hash(number, order);
    }

    int size() {
        return states.size();
    }

    int stepCount() {
        return steps.size();
    }

    /** The number by which the step is called from then on. */
    int numberOf(InstanceStep step) {
        return steps.numberOf(step);
    }

    InstanceOutcome step(int number, int step) {
        return steps.outcome(number, step);
    }

    private InstanceOutcome compute(int number, InstanceStep step) {
        InstanceState before = states.value(number).copy();
        Turn turn = new Turn(before);
        try {
            if (step instanceof InstanceStep.Open open) {
                BranchId branch = Names.branch(before.slot());
                turn.state = before.with(Call.OPEN);
                turn.give(new BranchInput.Opened(Names.xid(open.xidTerm()), branch, Times.TIMEOUT_NANOS));
                turn.give(new BranchInput.CallEntered(branch));
            } else if (step instanceof InstanceStep.Give give) {
                turn.give(give.input());
            } else if (step instanceof InstanceStep.Fire fire) {
                turn.state = before.at(before.nowNanos() + Times.spanNanos(fire.level()));
                turn.give(new BranchInput.Tick());
            }
        } catch (AssertionError broken) {
            return new InstanceOutcome(
                    number, new int[0], List.of(), "a core's own check failed: " + broken.getMessage());
        }
        return new InstanceOutcome(
                number(turn.state),
                turn.sends.stream().mapToInt(Integer::intValue).toArray(),
                List.copyOf(turn.work),
                turn.alarm);
    }

    private int number(InstanceState state) {
        InstanceState.Written written = state.written();
        int number = states.number(written.canonical(), state);
        pastVote.set(number, written.isPastVote());
        ended.set(number, written.isEnded());
        acknowledged.set(number, written.isAcknowledged());
        return number;
    }

    /** One step of a process, with what its application does in answer. */
    private final class Turn {
        final List<Integer> sends = new ArrayList<>();
        final List<BranchEffect> work = new ArrayList<>();
        private final Deque<BranchInput> inputs = new ArrayDeque<>();
        InstanceState state;
        String alarm = "";

        Turn(InstanceState state) {
            this.state = state;
        }

        void give(BranchInput first) {
            inputs.add(first);
            while (!inputs.isEmpty()) {
                state.core().on(inputs.remove(), state.nowNanos()).forEach(this::take);
            }
        }

        private void take(BranchEffect effect) {
            if (effect instanceof BranchEffect.Tell tell) {
                Message message = new Message.Up(Names.instance(state.slot(), state.life()), timeless(tell.notice()));
                sends.add(messages.number(message.toString(), message));
            } else if (effect instanceof BranchEffect.EnlistmentSettled settled) {
                ends(settled.refusal().isPresent() ? Call.FAILED : Call.ANSWERED);
            } else if (effect instanceof BranchEffect.Closed) {
                ends(Call.FAILED);
            } else if (effect instanceof BranchEffect.StuckInDoubt stuck) {
                alarm = "AC6 a branch waits for an operator: " + stuck;
            } else {
                work.add(effect);
            }
        }

        private void ends(Call how) {
            if (state.call() == Call.OPEN) {
                state = state.with(how);
                inputs.add(new BranchInput.CallLeft(Names.branch(state.slot())));
            }
        }

        private static Notice timeless(Notice notice) {
            if (notice instanceof Notice.Enlist enlist) {
                return new Notice.Enlist(enlist.xid(), enlist.branch(), Times.TIMEOUT_NANOS);
            } else if (notice instanceof Notice.Voted voted && voted.vote() instanceof dev.assent.protocol.Vote.No) {
                return new Notice.Voted(voted.xid(), voted.branch(), dev.assent.protocol.Vote.no(""), voted.calls());
            }
            return notice;
        }
    }
}
