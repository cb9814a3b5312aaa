package dev.assent.simulation;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultAction;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.fault.FaultRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of a world: at which named steps something goes wrong, when, for whom, and what. Many worlds have none. */
final class FaultRules {
    /** Steps that are seldom taken, or matter most, are drawn more often. */
    private static final List<FaultPoint> DRAWN = Stream.concat(
                    Arrays.stream(FaultPoint.values()),
                    Stream.of(
                            FaultPoint.SNAPSHOT_INSTALLED,
                            FaultPoint.SNAPSHOT_INSTALLED,
                            FaultPoint.SNAPSHOT_INSTALLED,
                            FaultPoint.DECISION_APPENDED,
                            FaultPoint.DECISION_APPLIED,
                            FaultPoint.PREPARE_DURABLE,
                            FaultPoint.LOG_BEFORE_FORCE))
            .toList();

    private FaultRules() {}

    static List<FaultRule> draw(Plan plan) {
        Dice dice = new Dice(plan.seed());
        WorldParameters parameters = WorldParameters.draw(dice);
        List<FaultRule> rules = new ArrayList<>();
        if (!parameters.isCalm()) {
            int count = new Draws(dice, parameters, new Luck(0)).of(0, 0, 0, 0, 1, 1, 2, 2, 4, 8);
            for (int i = 0; i < count; i++) {
                rules.add(new Draws(dice, parameters, new Luck(1 + i)).rule());
            }
        }
        return rules;
    }

    static List<FaultRule> without(List<FaultRule> rules, Set<Integer> off) {
        List<FaultRule> on = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (!off.contains(i)) {
                on.add(rules.get(i));
            }
        }
        return on;
    }

    /** The rules that are not left out, in the form in which real processes take them. */
    static String text(List<FaultRule> rules, Set<Integer> off) {
        List<String> texts = without(rules, off).stream().map(FaultRules::text).toList();
        return "at fault points: " + (texts.isEmpty() ? "nothing" : String.join(" ", texts));
    }

    private static String text(FaultRule rule) {
        StringBuilder text =
                new StringBuilder(rule.point().label() + ":" + rule.action().label());
        if (rule.nth() > 0) {
            text.append(":nth=").append(rule.nth());
        }
        if (rule.chance() < 1) {
            text.append(String.format(Locale.ROOT, ":chance=%.3f:seed=%d", rule.chance(), rule.seed()));
        }
        rule.xid().ifPresent(xid -> text.append(":xid=").append(xid));
        rule.shard().ifPresent(shard -> text.append(":shard=").append(shard));
        rule.resource().ifPresent(resource -> text.append(":resource=").append(resource.value()));
        rule.instance().ifPresent(instance -> text.append(":instance=").append(instance));
        if (rule.millis() > 0) {
            text.append(":millis=").append(rule.millis());
        }
        return text.toString();
    }

    /** What can go wrong at a step; stopping comes first. */
    static List<FaultAction> actionsAt(FaultPoint point) {
        return switch (point) {
            // A message is about to be sent, or has come.
            case ENLIST_BEFORE_ACK,
                    COMMIT_RECEIVED,
                    VOTE_RECEIVED,
                    REPLY_BEFORE_SEND,
                    COMMAND_BEFORE_SEND,
                    ACK_RECEIVED,
                    ENLIST_BEFORE_SEND,
                    COMMAND_RECEIVED,
                    RECOVERY_ANSWERED,
                    COMMIT_BEFORE_SEND ->
                List.of(
                        FaultAction.KILL,
                        FaultAction.THROW,
                        FaultAction.DELAY,
                        FaultAction.DROP,
                        FaultAction.DUPLICATE);
            case LOG_BEFORE_FORCE, SNAPSHOT_BEFORE_RENAME, SNAPSHOT_INSTALLED ->
                List.of(FaultAction.KILL, FaultAction.DELAY, FaultAction.FAIL, FaultAction.FULL);
            default -> List.of(FaultAction.KILL, FaultAction.THROW, FaultAction.DELAY);
        };
    }

    /** Whether it ends the process, at once or, at most steps of a node, soon. */
    static boolean isEnd(FaultAction action) {
        return switch (action) {
            case HALT, KILL, THROW, FAIL, FULL -> true;
            case DELAY, DROP, DUPLICATE -> false;
        };
    }

    private static boolean isOfBranch(FaultPoint point) {
        return switch (point) {
            case ENLIST_BEFORE_SEND,
                    PREPARE_BEFORE_EVIDENCE,
                    PREPARE_BEFORE_DURABLE,
                    PREPARE_DURABLE,
                    COMMIT_BEFORE_DATABASE,
                    COMMIT_DURABLE,
                    ABORT_BEFORE_DATABASE -> true;
            default -> false;
        };
    }

    /** The draws of one rule. */
    private record Draws(Dice dice, WorldParameters parameters, Luck luck) {
        private int below(int count) {
            return dice.below(Purpose.FAULT_RULE, luck, count);
        }

        int of(int... choices) {
            return choices[below(choices.length)];
        }

        FaultRule rule() {
            FaultPoint point = DRAWN.get(below(DRAWN.size()));
            List<FaultAction> actions = actionsAt(point);
            FaultAction action = below(100) < 40 ? FaultAction.KILL : actions.get(below(actions.size()));
            Whose whose = whose(point);
            boolean isSeldom = whose.xid.isPresent() || point == FaultPoint.SNAPSHOT_INSTALLED;
            int nth = below(100) < 60 ? isSeldom ? of(1, 1, 2) : of(1, 1, 2, 3, 5, 8, 20) : 0;
            // What stops a whole process at every visit would only keep it from ever being there.
            int perMille = nth > 0 ? 1_000 : isEnd(action) ? of(5, 20, 100) : of(20, 200, 1_000);
            return new FaultRule(
                    point,
                    action,
                    nth,
                    perMille / 1_000.0,
                    below(1_000_000_000),
                    whose.xid,
                    whose.shard,
                    whose.resource,
                    whose.instance,
                    millis(action),
                    Optional.empty());
        }

        private int millis(FaultAction action) {
            if (action == FaultAction.DELAY) {
                return of(1, 20, 300, 3_000);
            }
            return action.isOfDisk() ? of(0, 0, 500, 5_000) : 0;
        }

        /** Whom a rule is about. */
        private record Whose(
                Optional<Xid> xid,
                Optional<Integer> shard,
                Optional<ResourceName> resource,
                Optional<InstanceId> instance) {
            static final Whose ALL = new Whose(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        private Whose whose(FaultPoint point) {
            int kind = below(12);
            int shard = below(parameters.shards());
            if (kind == 0 && point.isOfTransaction()) {
                Xid xid = new Xid(World.CLUSTER, shard, of(2, 2, 3), below(8));
                return new Whose(Optional.of(xid), Optional.empty(), Optional.empty(), Optional.empty());
            } else if (kind == 1 && (point.isOfTransaction() || point.isOnDisk())) {
                return new Whose(Optional.empty(), Optional.of(shard), Optional.empty(), Optional.empty());
            } else if (kind == 2 && isOfBranch(point)) {
                ResourceName resource =
                        World.resource(below(parameters.instances().size()));
                return new Whose(Optional.empty(), Optional.empty(), Optional.of(resource), Optional.empty());
            } else if (kind == 3 && isOfBranch(point)) {
                InstanceId instance = ServiceProcess.instance(below(parameters.processes()), 0);
                return new Whose(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(instance));
            }
            return Whose.ALL;
        }
    }
}
