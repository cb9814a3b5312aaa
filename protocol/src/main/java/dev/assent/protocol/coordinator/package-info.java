/**
 * The coordinator's side of the protocols.
 *
 * <p>{@link dev.assent.protocol.coordinator.ReplicatedState} is what the Raft log says, the same on every replica;
 * {@link dev.assent.protocol.coordinator.ShardCore} is what the leader of one term remembers and decides. A replica
 * applies each record to its state first and only then tells the core, which therefore may see a state that is ahead of
 * the inputs it was given, never behind.
 */
@NullMarked
package dev.assent.protocol.coordinator;

import org.jspecify.annotations.NullMarked;
