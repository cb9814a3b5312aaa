package dev.assent.protocol.coordinator;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which instances have been heard of on this node, and who is dead: one whose session lease ran out, whose name came
 * back with another incarnation, or that said goodbye. A broken stream alone loses nobody. These are facts of the node,
 * not memory of a term: a new leader knows at once who is connected.
 */
final class Instances {
    private record Instance(
            String name, List<ResourceName> resources, boolean isConnected, boolean isLost, long leaseEndNanos) {
        Instance heard(long newLeaseEndNanos) {
            return new Instance(name, resources, isConnected, false, newLeaseEndNanos);
        }
    }

    private final long sessionLeaseNanos;
    private final Map<InstanceId, Instance> known = new LinkedHashMap<>();

    Instances(long sessionLeaseNanos) {
        this.sessionLeaseNanos = sessionLeaseNanos;
    }

    Instances copy() {
        Instances copy = new Instances(sessionLeaseNanos);
        copy.known.putAll(known);
        return copy;
    }

    /** Returns the earlier life of the same instance, if it was thought alive: it is lost now. */
    Optional<InstanceId> opened(Input.SessionOpened session, long nowNanos) {
        Optional<InstanceId> earlier = known.entrySet().stream()
                .filter(e -> e.getValue().name().equals(session.name())
                        && !e.getKey().equals(session.instance()))
                .filter(e -> !e.getValue().isLost())
                .map(Map.Entry::getKey)
                .findFirst();
        earlier.ifPresent(this::markLost);
        known.put(
                session.instance(),
                new Instance(session.name(), session.resources(), true, false, nowNanos + sessionLeaseNanos));
        return earlier;
    }

    void heard(InstanceId instance, long nowNanos) {
        known.computeIfPresent(instance, (id, found) -> found.heard(nowNanos + sessionLeaseNanos));
    }

    /** Returns whether the instance is lost by it. */
    boolean closed(InstanceId instance, boolean isForGood) {
        Instance found = known.get(instance);
        if (found == null) {
            return false;
        }
        if (found.isLost()) {
            // Kept for its stream alone: nothing will ever be heard of this life again.
            known.remove(instance);
            return false;
        }
        known.put(instance, new Instance(found.name(), found.resources(), false, false, found.leaseEndNanos()));
        if (isForGood) {
            markLost(instance);
            return true;
        }
        return false;
    }

    /** Returns whether the lease of this instance has just run out. */
    boolean expire(InstanceId instance, long nowNanos) {
        Instance found = known.get(instance);
        if (found == null || found.isLost() || nowNanos < found.leaseEndNanos()) {
            return false;
        }
        markLost(instance);
        return true;
    }

    /** When the lease ends as things are; {@link Long#MAX_VALUE} if nothing is to be watched. */
    long leaseEndNanos(InstanceId instance) {
        Instance found = known.get(instance);
        return found == null || found.isLost() ? Long.MAX_VALUE : found.leaseEndNanos();
    }

    boolean isConnected(InstanceId instance) {
        Instance found = known.get(instance);
        return found != null && found.isConnected();
    }

    /** Whether it is dead as far as this node knows. One that never had a stream here is. */
    boolean isLost(InstanceId instance) {
        Instance found = known.get(instance);
        return found == null || found.isLost();
    }

    boolean serves(InstanceId instance, ResourceName resource) {
        Instance found = known.get(instance);
        return found != null && found.resources().contains(resource);
    }

    /** Another connected instance of the resource, a different one for each attempt. */
    Optional<InstanceId> another(ResourceName resource, InstanceId than, int attempt) {
        List<InstanceId> others = known.entrySet().stream()
                .filter(e -> e.getValue().isConnected() && !e.getKey().equals(than))
                .filter(e -> e.getValue().resources().contains(resource))
                .map(Map.Entry::getKey)
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(others.get(attempt % others.size()));
    }

    private void markLost(InstanceId instance) {
        known.computeIfPresent(
                instance,
                (id, found) -> found.isConnected()
                        ? new Instance(found.name(), found.resources(), true, true, found.leaseEndNanos())
                        : null);
    }

    /** Field by field. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Instances[");
        known.forEach((id, instance) ->
                text.append("\n  instance ").append(id).append('=').append(instance));
        return text.append(']').toString();
    }
}
