package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorCore;
import dev.assent.protocol.initiator.InitiatorInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** In which states the transactions of one process are that an input is about, by what its core shows to people. */
final class BegunStates {
    private static final Pattern OPEN = Pattern.compile("  OpenTransaction\\[xid=([^,]+),.* stage=([A-Z]+),.*");
    private static final Pattern QUESTION = Pattern.compile("Question\\[number=([0-9]+),");
    private static final Pattern ASKED = Pattern.compile("([^ {]+)=Pending\\[number=([0-9]+),");
    private final InitiatorCore core;
    /** Which transaction a question was about, also after it was answered. */
    private final Map<Long, String> asked = new HashMap<>();

    private final Map<String, String> states = new LinkedHashMap<>();
    private boolean isSomebodyWaiting;

    BegunStates(InitiatorCore core) {
        this.core = core;
    }

    static String nameOf(InitiatorInput input) {
        Object meant = input instanceof InitiatorInput.Answered answered ? answered.answer() : input;
        return meant.getClass().getSimpleName();
    }

    boolean isSomebodyWaiting() {
        return isSomebodyWaiting;
    }

    /** Reads the present states. */
    void look() {
        states.clear();
        isSomebodyWaiting = false;
        for (String line : core.canonical().split("\n", -1)) {
            Matcher open = OPEN.matcher(line);
            if (open.matches()) {
                states.put(open.group(1), open.group(2));
                Matcher question = QUESTION.matcher(line);
                if (question.find()) {
                    asked.put(Long.valueOf(question.group(1)), open.group(1));
                }
            } else if (line.startsWith("waiting ")) {
                isSomebodyWaiting = true;
            } else if (line.startsWith("settled ")) {
                states.putIfAbsent(line.split(" ", 3)[1], "SETTLED");
            } else if (line.startsWith("OutcomeQuestions")) {
                outcomes(line);
            }
        }
    }

    private void outcomes(String line) {
        Matcher question = ASKED.matcher(line);
        while (question.find()) {
            states.put(question.group(1), "ASKED");
            asked.put(Long.valueOf(question.group(2)), question.group(1));
        }
    }

    List<String> of(InitiatorInput input) {
        if (input instanceof InitiatorInput.Touched it) {
            return List.of(of(it.xid()));
        } else if (input instanceof InitiatorInput.CommitWanted it) {
            return List.of(of(it.xid()));
        } else if (input instanceof InitiatorInput.RollbackWanted it) {
            return List.of(of(it.xid()));
        } else if (input instanceof InitiatorInput.OutcomeWanted it) {
            return List.of(of(it.xid()));
        } else if (input instanceof InitiatorInput.Answered it) {
            String xid = asked.get(it.number());
            return List.of(xid == null ? "UNKNOWN" : states.getOrDefault(xid, "UNKNOWN"));
        } else if (input instanceof InitiatorInput.Leased it) {
            return held(World.CLUSTER + "." + it.shard() + ".");
        } else if (input instanceof InitiatorInput.LeaderReady it) {
            return held(World.CLUSTER + "." + it.shard() + ".");
        }
        return input instanceof InitiatorInput.Tick ? held("") : List.of();
    }

    private String of(@Nullable Xid xid) {
        return states.getOrDefault(String.valueOf(xid), "UNKNOWN");
    }

    private List<String> held(String xid) {
        List<String> held = new ArrayList<>();
        states.forEach((of, state) -> {
            if (of.startsWith(xid) && !state.equals("SETTLED")) {
                held.add(state);
            }
        });
        return held;
    }
}
