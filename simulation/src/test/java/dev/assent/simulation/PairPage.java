package dev.assent.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reference page of what each state of the cores does with each input. */
final class PairPage {
    private final List<Driven> driven;

    PairPage(List<Driven> driven) {
        this.driven = driven;
    }

    String text() {
        StringBuilder page = new StringBuilder("""
                # States and inputs of the cores

                What each state does with each input, as the cores that run in production did it when a script gave it to them, and
                why the other pairs cannot come up. *Nothing* means: no effect, and the same state, though what it remembers may have
                changed. `→` is followed by the next state; effects stand in the order in which they are wanted, each once. A word
                after an input says which of several of its kind it was. Everything that a remote side can send is tried in every
                state, sensible there or not: nothing may crash a shard or a process. The page is written by a test.
                """);
        for (Machine machine : Machine.values()) {
            page.append("\n## ")
                    .append(heading(machine))
                    .append("\n\n")
                    .append(about(machine))
                    .append('\n');
            machine.states().forEach(state -> page.append(table(machine, state)));
        }
        return page.toString();
    }

    private String table(Machine machine, String state) {
        Map<String, List<String>> inputs = new LinkedHashMap<>();
        for (Driven it : driven) {
            if (it.machine() == machine && it.pair().state().equals(state)) {
                inputs.computeIfAbsent(it.outcome(), unused -> new ArrayList<>())
                        .add(it.input());
            }
        }
        machine.impossible().forEach((pair, reason) -> {
            if (pair.state().equals(state)) {
                inputs.computeIfAbsent("*impossible*: " + reason, unused -> new ArrayList<>())
                        .add(pair.input());
            }
        });
        StringBuilder table = new StringBuilder("\n### " + state + "\n\n| input | what follows |\n|---|---|\n");
        inputs.forEach((outcome, of) -> table.append("| ")
                .append(String.join(", ", of))
                .append(" | ")
                .append(outcome)
                .append(" |\n"));
        return table.toString();
    }

    private static String heading(Machine machine) {
        return switch (machine) {
            case SHARD -> "A shard on one node";
            case TRANSACTION -> "A transaction at the leader of its shard";
            case BRANCH -> "A branch in its process";
            case BEGINNING -> "A process that begins transactions";
            case BEGUN -> "A transaction in the process that began it";
        };
    }

    private static String about(Machine machine) {
        return switch (machine) {
            case SHARD -> "Messages are about a transaction that nothing was heard of.";
            case TRANSACTION ->
                "COMMITTED, ABORTED and EXPIRED (its outcome is no longer remembered) are over; of an UNKNOWN one nothing\n"
                        + "was heard; ELSEWHERE is one of another cluster, another shard or a later term. Records are those that\n"
                        + "stand, in an entry of no later term. InstanceLost, InstanceBack and Woken are what the loss and return\n"
                        + "of a process and the passing of time come to. Messages are about a branch that voted YES.";
            case BRANCH ->
                "Unknown are the branches of other processes, those that were forgotten, and those to come. `Opened` of an id\n"
                        + "that is not Unknown comes up after a forged command about an id that its process had not made yet.";
            case BEGINNING -> "WAITING: callers want a number and none is at hand.";
            case BEGUN ->
                "ASKED: not begun here, or dropped, and its outcome is being asked for. Answers are late ones or repetitions\n"
                        + "where nothing is being asked.";
        };
    }
}
