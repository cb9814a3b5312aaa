package dev.assent.simulation.explore;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All states of nodes that were reached, and what each step leads to, computed once by the real core. */
final class Nodes {
    private final Interned<NodeState> states;
    private static final Pattern ATTEMPTS = Pattern.compile("attempts=\\d+|nextNanos=\\w+");
    private static final Pattern SPENT_LEASE =
            Pattern.compile("\\d+=Lease\\[owner=Optional\\[\\w+], endNanos=\\d+, opened=\\{0}]");

    private final boolean forgetsSpentLeases;
    private final Interned<Message> messages;
    private final StepCache<NodeStep, NodeOutcome> steps = new StepCache<>(this::compute);
    private final BitSet believers = new BitSet();
    private final Map<String, Integer> kernelNumbers = new HashMap<>();
    private final List<Integer> kernels = new ArrayList<>();
    private final List<Integer> lostSlots = new ArrayList<>();
    private final BitSet awaiting = new BitSet();
    private final BitSet aborting = new BitSet();
    private final BitSet unopened = new BitSet();

    /**
     * @param forgetsSpentLeases whether a lease of which the only number was opened is like one that ended
     */
    Nodes(Slots slots, Interned<Message> messages, boolean forgetsSpentLeases) {
        this.forgetsSpentLeases = forgetsSpentLeases;
        this.states = new Interned<>(slots);
        this.messages = messages;
    }

    /** A node that has applied the first record of the shard and knows all participants. */
    int first(int node, int slots) {
        ReplicatedState state = new ReplicatedState();
        state.apply(1, new LogRecord.ClusterCreated(Names.cluster(), 0, 1));
        List<Integer> lives = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            lives.add(0);
        }
        return number(restarted(node, state, 0, lives, 0));
    }

    /** Whether the core thinks that its node leads: ready, or waiting for its first record. */
    boolean isBeliever(int number) {
        return believers.get(number);
    }

    /** Whether it takes the process in this slot for dead. */
    boolean takesForDead(int number, int slot) {
        return (lostSlots.get(number) >> slot & 1) != 0;
    }

    /** Whether two states differ in nothing but how often something was repeated. */
    boolean isRepetition(int one, int other) {
        return kernels.get(one).equals(kernels.get(other));
    }

    /** Whether the core waits for its first record. */
    boolean isAwaiting(int number) {
        return awaiting.get(number);
    }

    /** Whether it leads and is aborting the transaction: everybody who asks is told so, to the end of its term. */
    boolean isAborting(int number) {
        return aborting.get(number);
    }

    /** Whether it leads and gave out numbers that nobody has used. */
    boolean hasUnopened(int number) {
        return unopened.get(number);
    }

    NodeState state(int number) {
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
    int numberOf(NodeStep step) {
        return steps.numberOf(step);
    }

    NodeOutcome step(int number, int step) {
        return steps.outcome(number, step);
    }

    private NodeOutcome compute(int number, NodeStep step) {
        NodeState before = states.value(number).copy();
        try {
            if (step instanceof NodeStep.Apply apply) {
                boolean hasStood = before.state().apply(apply.term(), apply.record());
                return outcome(before, hasStood, List.of());
            } else if (step instanceof NodeStep.Give give) {
                return outcome(before, false, before.core().on(give.input(), before.nowNanos()));
            } else if (step instanceof NodeStep.Hear hear) {
                before.core().on(new Input.SessionHeard(hear.from()), before.nowNanos());
                return outcome(
                        before,
                        false,
                        before.core().on(new Input.Noticed(hear.from(), hear.notice()), before.nowNanos()));
            } else if (step instanceof NodeStep.Meet meet) {
                before.core()
                        .on(
                                new Input.SessionClosed(Names.instance(meet.slot(), meet.life() - 1), false),
                                before.nowNanos());
                return outcome(
                        before, false, before.core().on(Names.session(meet.slot(), meet.life()), before.nowNanos()));
            } else if (step instanceof NodeStep.Fire fire) {
                return fire(before, Times.spanNanos(fire.level()), null);
            } else if (step instanceof NodeStep.Suspect suspect) {
                return fire(before, Times.spanNanos(0), suspect.instance());
            } else if (step instanceof NodeStep.HearAgain again) {
                return outcome(
                        before, false, before.core().on(new Input.SessionHeard(again.instance()), before.nowNanos()));
            } else if (step instanceof NodeStep.Restart restart) {
                NodeState after =
                        restarted(before.node(), before.state(), restart.loop(), restart.lives(), before.nowNanos());
                return outcome(after, false, List.of());
            }
        } catch (AssertionError broken) {
            return new NodeOutcome(
                    number,
                    false,
                    List.of(),
                    new int[0],
                    0,
                    0,
                    false,
                    "a core's own check failed: " + broken.getMessage());
        }
        throw new AssertionError("unknown step " + step);
    }

    private static NodeState restarted(int node, ReplicatedState state, int loop, List<Integer> lives, long nowNanos) {
        ReplicatedState replayed = ReplicatedState.of(state.image());
        ShardCore core = new ShardCore(Names.shard(node, loop), Times.SHARD, replayed);
        for (int slot = 0; slot < lives.size(); slot++) {
            core.on(Names.session(slot, lives.get(slot)), nowNanos);
        }
        return new NodeState(node, core, replayed, nowNanos);
    }

    /** The clock moves; just before, everybody is heard of but the one who is silent and those who are lost already. */
    private NodeOutcome fire(NodeState before, long spanNanos, @Nullable InstanceId silent) {
        long dueNanos = before.nowNanos() + spanNanos;
        for (InstanceId instance : aliveIn(before)) {
            if (!instance.equals(silent)) {
                before.core().on(new Input.SessionHeard(instance), dueNanos - 1);
            }
        }
        return outcome(before.at(dueNanos), false, before.core().on(new Input.Tick(), dueNanos));
    }

    /** Whom the core takes for alive, as it writes itself. */
    private static Set<InstanceId> aliveIn(NodeState state) {
        Set<InstanceId> alive = new LinkedHashSet<>();
        for (String line : state.core().canonical().split("\n")) {
            int from = line.indexOf("instance slot");
            if (from >= 0 && line.contains("isLost=false")) {
                alive.add(new InstanceId(line.substring(from + 9, from + 9 + InstanceId.LENGTH)));
            }
        }
        return alive;
    }

    private NodeOutcome outcome(NodeState after, boolean hasStood, List<Effect> effects) {
        List<Effect> all = new ArrayList<>(effects);
        int readyTerm = 0;
        for (Effect effect : effects) {
            if (effect instanceof Effect.AnnounceReady ready) {
                readyTerm = Math.toIntExact(ready.term());
                // The initiator hears it too, and gets the block that it begins from.
                all.addAll(after.core()
                        .on(new Input.Noticed(Names.INITIATOR, new Notice.BlockWanted()), after.nowNanos()));
            }
        }
        List<LogRecord> appends = new ArrayList<>();
        List<Integer> sends = new ArrayList<>();
        int told = 0;
        boolean stepsDown = false;
        String alarm = "";
        for (Effect effect : all) {
            if (effect instanceof Effect.Append append) {
                appends.add(append.record());
            } else if (effect instanceof Effect.Send send) {
                alarm = alarm.isEmpty() ? alarm(send.command()) : alarm;
                if (!(send.command() instanceof Command.Lease)) {
                    Message message = new Message.Down(send.to(), send.command());
                    sends.add(messages.number(message.toString(), message));
                }
            } else if (effect instanceof Effect.Reply reply) {
                told |= Told.of(reply.answer());
                alarm = alarm.isEmpty() ? Told.alarm(reply.answer()) : alarm;
            } else if (effect instanceof Effect.StepDown) {
                stepsDown = true;
            }
        }
        return new NodeOutcome(
                number(after),
                hasStood,
                List.copyOf(appends),
                sends.stream().mapToInt(Integer::intValue).toArray(),
                told,
                readyTerm,
                stepsDown,
                alarm);
    }

    /** A branch that is told this waits for an operator: nothing here gives a reason. */
    private static String alarm(Command command) {
        if (command instanceof Command.BranchAnswer answer) {
            return switch (answer.verdict()) {
                case EXPIRED, FOREIGN, INVALID, WRONG_SHARD, ABANDON -> "AC8 a branch is told " + answer;
                case COMMIT, ABORT, PENDING, NOT_LEADER -> "";
            };
        }
        return "";
    }

    private static int lostSlotsIn(String memory) {
        int slots = 0;
        for (String line : memory.split("\n")) {
            int from = line.indexOf("instance slot");
            if (from >= 0 && line.contains("isLost=true")) {
                slots |= 1 << line.charAt(from + "instance slot".length()) - '0';
            }
        }
        return slots;
    }

    private int number(NodeState state) {
        String memory = state.core().canonical();
        String kept = forgetsSpentLeases ? SPENT_LEASE.matcher(memory).replaceAll("") : memory;
        String canonical = Canonical.of(kept + "\n" + state.state().image(), state.nowNanos());
        int number = states.number(canonical, state);
        if (number == kernels.size()) {
            String kernel = ATTEMPTS.matcher(canonical).replaceAll("");
            lostSlots.add(lostSlotsIn(memory));
            kernels.add(kernelNumbers.computeIfAbsent(kernel, text -> kernelNumbers.size()));
        }
        aborting.set(number, memory.contains("Aborting["));
        unopened.set(number, memory.contains("opened={}"));
        boolean isAwaiting = memory.contains("isAwaiting=true");
        awaiting.set(number, isAwaiting);
        believers.set(number, isAwaiting || state.core().isReady());
        return number;
    }
}
