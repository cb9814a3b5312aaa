package dev.assent.sdk.internal.session;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who connects.
 *
 * @param instance this life of the process
 * @param name stable across its lives, at most 64 characters of a-z, 0-9 and dashes between them; empty if it has none
 * @param resources what it serves, at most {@value #MAX_RESOURCES}
 * @param cluster which cluster it belongs to, if it knows; else the first that welcomes it
 * @param software library and version, for people
 */
public record SessionIdentity(
        InstanceId instance, String name, List<ResourceName> resources, Optional<ClusterId> cluster, String software) {
    /** Most resources of one process. */
    public static final int MAX_RESOURCES = 64;

    private static final Pattern NAME = Pattern.compile("([a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?)?");
    private static final int MAX_SOFTWARE_LENGTH = 100;

    public SessionIdentity {
        resources = List.copyOf(resources);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name must be at most 64 characters of a-z, 0-9 and dashes between them: '" + name + "'");
        }
        if (resources.size() > MAX_RESOURCES) {
            throw new IllegalArgumentException(
                    "a process serves at most " + MAX_RESOURCES + " resources, not " + resources.size());
        }
        if (software.length() > MAX_SOFTWARE_LENGTH) {
            throw new IllegalArgumentException("software must have at most " + MAX_SOFTWARE_LENGTH + " characters");
        }
    }
}
