package dev.assent.protocol.fault;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where, when and what: written {@code <point>:<action>[:<key>=<value>]…}, for example {@code
 * decision.applied:kill:nth=3} or {@code command.received:drop:chance=0.1:seed=7:resource=orders-db}.
 *
 * @param point where
 * @param action what
 * @param nth only at the so-manieth visit that fits, from 1; 0 means at every one
 * @param chance the probability of each visit that fits, over 0 and up to 1, drawn from the seed
 * @param seed of the draws
 * @param xid only for this transaction
 * @param shard only for transactions of this shard
 * @param resource only for branches of this resource
 * @param instance only for this life of a process
 * @param millis of DELAY how long the step waits, from 1; of FAIL and FULL how long, from the first strike on, every
 *     visit of the point fails, or 0 if each strike is its own; 0 for other actions
 * @param once name of a file that at most one process can create: of all that share it only the first is struck
 */
public record FaultRule(
        FaultPoint point,
        FaultAction action,
        int nth,
        double chance,
        long seed,
        Optional<Xid> xid,
        Optional<Integer> shard,
        Optional<ResourceName> resource,
        Optional<InstanceId> instance,
        int millis,
        Optional<String> once) {
    private static final String FORM =
            "a fault is written <point>:<action>, then any of :nth=, :chance=, :seed=, :xid=, :shard=, :resource=,"
                    + " :instance=, :millis= and, last, :once=";

    public FaultRule {
        if (action.isOfDisk() && !point.isOnDisk()) {
            throw new IllegalArgumentException(point + " is no step of a disk: it cannot " + action.label());
        }
        if (action == FaultAction.DELAY && millis == 0) {
            throw new IllegalArgumentException("delay needs millis=");
        }
        if (millis > 0 && action != FaultAction.DELAY && !action.isOfDisk()) {
            throw new IllegalArgumentException("millis= belongs to delay, fail and full");
        }
        if (!(chance > 0 && chance <= 1)) {
            throw new IllegalArgumentException("chance= must be over 0 and at most 1, not " + chance);
        }
    }

    /** Strikes at every visit of the point. */
    public static FaultRule always(FaultPoint point, FaultAction action) {
        return new FaultRule(
                point,
                action,
                0,
                1,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty());
    }

    /**
     * Reads the form above.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static FaultRule parse(String text) {
        // A file's name may hold colons.
        int onceAt = text.indexOf(":once=");
        String fixed = onceAt < 0 ? text : text.substring(0, onceAt);
        String[] parts = fixed.split(":", -1);
        if (parts.length < 2) {
            throw new IllegalArgumentException(FORM + ", not '" + text + "'");
        }
        Draft draft = new Draft();
        for (int i = 2; i < parts.length; i++) {
            draft.set(parts[i]);
        }
        if (onceAt >= 0) {
            draft.once = Optional.of(text.substring(onceAt + ":once=".length()));
        }
        if (draft.once.filter(String::isEmpty).isPresent()) {
            throw new IllegalArgumentException("once= needs the name of a file");
        }
        return draft.rule(FaultPoint.parse(parts[0]), action(parts[1]));
    }

    private static FaultAction action(String label) {
        return Arrays.stream(FaultAction.values())
                .filter(action -> action.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault action '" + label + "'; there are "
                        + Arrays.stream(FaultAction.values())
                                .map(FaultAction::label)
                                .collect(Collectors.joining(", "))));
    }

    /** Whether a visit is one that the rule is about, before counting and chance. */
    boolean fits(FaultPoint visited, FaultPlace place) {
        return visited == point
                && (xid.isEmpty() || xid.equals(place.xid()))
                && (shard.isEmpty() || shard.equals(place.shard()))
                && (resource.isEmpty() || resource.equals(place.resource()))
                && (instance.isEmpty() || instance.equals(place.instance()));
    }

    /** What is read, key by key. */
    private static final class Draft {
        private int nth;
        private double chance = 1;
        private long seed;
        private Optional<Xid> xid = Optional.empty();
        private Optional<Integer> shard = Optional.empty();
        private Optional<ResourceName> resource = Optional.empty();
        private Optional<InstanceId> instance = Optional.empty();
        private int millis;
        private Optional<String> once = Optional.empty();

        void set(String pair) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            String value = pair.substring(equals + 1);
            switch (key) {
                case "nth" -> nth = positive(pair, value);
                case "millis" -> millis = positive(pair, value);
                case "shard" -> shard = Optional.of(whole(pair, value));
                case "seed" -> seed = whole(pair, value);
                case "chance" -> chance = fraction(pair, value);
                case "xid" -> xid = Optional.of(Xid.parse(value));
                case "resource" -> resource = Optional.of(new ResourceName(value));
                case "instance" -> instance = Optional.of(new InstanceId(value));
                default -> throw new IllegalArgumentException(FORM + ", not '" + pair + "'");
            }
        }

        FaultRule rule(FaultPoint point, FaultAction action) {
            return new FaultRule(point, action, nth, chance, seed, xid, shard, resource, instance, millis, once);
        }

        private static int positive(String pair, String digits) {
            int value = whole(pair, digits);
            if (value == 0) {
                throw new IllegalArgumentException("must be a number from 1: '" + pair + "'");
            }
            return value;
        }

        private static int whole(String pair, String digits) {
            if (!digits.matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException("must be a whole number: '" + pair + "'");
            }
            return Integer.parseInt(digits);
        }

        private static double fraction(String pair, String text) {
            if (!text.matches("[01](\\.[0-9]{1,9})?")) {
                throw new IllegalArgumentException("must be a number over 0 and up to 1: '" + pair + "'");
            }
            return Double.parseDouble(text);
        }
    }
}
