package dev.assent.coordinator.session;

import dev.assent.proto.v1.Hello;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import io.grpc.Status.Code;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What became of a hello. */
sealed interface Greeting {
    /** Oldest and newest version of the contract that this node speaks. */
    int OLDEST_VERSION = 1;

    int NEWEST_VERSION = 1;

    int MAX_RESOURCES = 64;
    Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    /**
     * The process is welcome.
     *
     * @param version that both speak from now on
     * @param name the instance's stable name
     */
    record Welcomed(int version, InstanceId instance, String name, List<ResourceName> resources) implements Greeting {}

    /** It is not. */
    record Refused(StreamRefusal refusal) implements Greeting {}

    static Greeting of(Hello hello, ClusterId cluster) {
        int oldest = hello.getOldestVersion();
        int newest = hello.getNewestVersion();
        if (oldest < 1 || newest < oldest) {
            return invalid("oldest_version and newest_version must be a range from 1 on");
        }
        if (oldest > NEWEST_VERSION || newest < OLDEST_VERSION) {
            return refused(
                    "UNSUPPORTED_VERSION",
                    "this process speaks versions " + oldest + " to " + newest + ", this node " + OLDEST_VERSION
                            + " to " + NEWEST_VERSION);
        }
        try {
            if (!hello.getCluster().isEmpty()
                    && !ClusterId.parse(hello.getCluster()).equals(cluster)) {
                return refused(
                        "FOREIGN",
                        "this process belongs to cluster " + hello.getCluster() + ", this node to " + cluster);
            }
            InstanceId instance = new InstanceId(hello.getInstance());
            return new Welcomed(Math.min(newest, NEWEST_VERSION), instance, name(hello, instance), resources(hello));
        } catch (IllegalArgumentException malformed) {
            return invalid(malformed.getMessage());
        }
    }

    private static String name(Hello hello, InstanceId instance) {
        if (hello.getName().isEmpty()) {
            return instance.incarnation();
        }
        if (!NAME.matcher(hello.getName()).matches()) {
            throw new IllegalArgumentException(
                    "name must be at most 64 characters of a-z, 0-9 and dashes between them");
        }
        return hello.getName();
    }

    private static List<ResourceName> resources(Hello hello) {
        if (hello.getResourcesCount() > MAX_RESOURCES) {
            throw new IllegalArgumentException(
                    "resources must be at most " + MAX_RESOURCES + ", not " + hello.getResourcesCount());
        }
        Set<ResourceName> resources = new LinkedHashSet<>();
        hello.getResourcesList().forEach(resource -> resources.add(new ResourceName(resource)));
        return List.copyOf(resources);
    }

    private static Greeting invalid(@Nullable String problem) {
        return new Refused(StreamRefusal.invalid("hello: " + problem));
    }

    private static Greeting refused(String reason, String text) {
        return new Refused(new StreamRefusal(Code.FAILED_PRECONDITION, reason, text));
    }
}
