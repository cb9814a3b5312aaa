package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorCore;
import dev.assent.protocol.initiator.InitiatorEffect;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.protocol.initiator.InitiatorSettings;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;

/** Every input of an initiator, and of a transaction that it knows, in every state that can meet it. */
final class InitiatorDrives {
    private static final long SECOND = 1_000_000_000;
    private static final long LEASE_NANOS = 1_000 * SECOND;
    private static final long TERM = 2;
    private static final InstanceId SELF = new InstanceId("i".repeat(InstanceId.LENGTH));
    private static final Xid OWN = new Xid(World.CLUSTER, 0, TERM, 0);
    private static final AbortCause CAUSE = AbortCause.of(AbortCause.Kind.ROLLED_BACK);
    private static final long NOBODY_ASKED = 99;

    private final Coverage coverage;
    private InitiatorCore core = fresh();
    private long nowNanos;
    private long question;

    InitiatorDrives(Coverage coverage) {
        this.coverage = coverage;
    }

    List<Driven> all() {
        List<Driven> all = new ArrayList<>();
        for (Pair pair : Machine.BEGINNING.pairs()) {
            restart();
            on(new InitiatorInput.LeaderReady(0, TERM));
            if (pair.state().equals("WAITING")) {
                on(sample("BeginWanted"));
            }
            all.add(drive(Machine.BEGINNING, pair));
        }
        for (Pair pair : Machine.BEGUN.pairs()) {
            if (!Machine.BEGUN.impossible().containsKey(pair)) {
                restart();
                bring(pair.state(), isAnswer(pair.input()));
                all.add(drive(Machine.BEGUN, pair));
            }
        }
        return all;
    }

    private Driven drive(Machine machine, Pair pair) {
        if (pair.input().equals("Tick")) {
            nowNanos = Math.max(nowNanos, Math.min(core.nextDeadlineNanos(), nowNanos + LEASE_NANOS));
        }
        List<InitiatorEffect> effects = on(sample(pair.input()));
        BegunStates states = new BegunStates(core);
        states.look();
        String after = machine == Machine.BEGINNING
                ? states.isSomebodyWaiting() ? "WAITING" : "IDLE"
                : states.of(new InitiatorInput.Touched(OWN)).get(0);
        return new Driven(machine, pair, "", after, List.copyOf(effects));
    }

    private static InitiatorCore fresh() {
        return new InitiatorCore(World.CLUSTER, SELF, InitiatorSettings.DEFAULTS);
    }

    private void restart() {
        core = fresh();
        nowNanos = SECOND;
        question = NOBODY_ASKED;
    }

    private List<InitiatorEffect> on(InitiatorInput input) {
        coverage.before(core, input);
        List<InitiatorEffect> effects = core.on(input, nowNanos);
        effects.forEach(effect -> {
            if (effect instanceof InitiatorEffect.Ask ask) {
                question = ask.number();
            }
        });
        return effects;
    }

    // ---- into the state ----

    private void bring(String state, boolean isAsked) {
        on(new InitiatorInput.LeaderReady(0, TERM));
        switch (state) {
            case "UNKNOWN" -> {}
            case "ASKED" -> on(new InitiatorInput.OutcomeWanted(OWN));
            case "UNTOUCHED" -> untouched(isAsked);
            case "OPENED" -> {
                untouched(true);
                on(new InitiatorInput.Answered(question, new Answer.Begun(OWN, SECOND)));
            }
            case "TOUCHED" -> {
                untouched(isAsked);
                on(new InitiatorInput.Touched(OWN));
            }
            case "STALE" -> {
                untouched(isAsked);
                on(new InitiatorInput.LeaderReady(0, TERM + 1));
            }
            case "ENDING" -> ending();
            case "SETTLED" -> {
                ending();
                on(new InitiatorInput.Answered(question, new Answer.Committed(List.of())));
            }
            default -> throw new AssertionError("no script leads to " + state);
        }
    }

    /** @param isAsked whether its block is about to go back, so that the leader is told to open it */
    private void untouched(boolean isAsked) {
        on(sample("BeginWanted"));
        on(sample("Leased"));
        if (isAsked) {
            nowNanos += LEASE_NANOS * 8 / 10;
            on(new InitiatorInput.Tick());
        }
    }

    private void ending() {
        untouched(false);
        on(new InitiatorInput.Touched(OWN));
        on(sample("CommitWanted"));
    }

    // ---- the input ----

    private InitiatorInput sample(String name) {
        return switch (name) {
            case "BeginWanted" -> new InitiatorInput.BeginWanted(1, 3_600 * SECOND, SECOND);
            case "Touched" -> new InitiatorInput.Touched(OWN);
            case "CommitWanted" ->
                new InitiatorInput.CommitWanted(OWN, AnswerMode.AFTER_APPLY, new CallSums(List.of(), true));
            case "RollbackWanted" -> new InitiatorInput.RollbackWanted(OWN, CAUSE);
            case "OutcomeWanted" -> new InitiatorInput.OutcomeWanted(OWN);
            case "Leased" -> new InitiatorInput.Leased(0, new Command.Lease(new BlockId(TERM, 0), LEASE_NANOS));
            case "LeaderReady" -> new InitiatorInput.LeaderReady(0, TERM + 1);
            case "Tick" -> new InitiatorInput.Tick();
            default -> new InitiatorInput.Answered(question, answer(name));
        };
    }

    private static boolean isAnswer(String input) {
        for (Class<?> type : Answer.class.getPermittedSubclasses()) {
            if (type.getSimpleName().equals(input)) {
                return true;
            }
        }
        return false;
    }

    private static Answer answer(String name) {
        return switch (name) {
            case "Begun" -> new Answer.Begun(OWN, SECOND);
            case "Committed" -> new Answer.Committed(List.of());
            case "Aborted" -> new Answer.Aborted(CAUSE);
            case "Pending" -> new Answer.Pending();
            case "Mixed" -> new Answer.Mixed(List.of());
            case "Hazard" -> new Answer.Hazard(List.of());
            case "OutcomeExpired" -> new Answer.OutcomeExpired();
            case "Done" -> new Answer.Done();
            case "Refused" -> new Answer.Refused(Answer.Reason.STALE_BEGIN, 0, "over");
            default -> throw new AssertionError("no sample of " + name);
        };
    }
}
