package dev.assent.sdk.spi;

import dev.assent.protocol.ResourceName;

/**
 * For what a dialect checks a database.
 *
 * @param resource the name to use in the text of problems
 * @param development whether databases that lose everything with the process are allowed
 */
public record StartupScope(ResourceName resource, boolean development) {}
