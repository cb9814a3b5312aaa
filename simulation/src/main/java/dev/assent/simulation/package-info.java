/**
 * The simulator: whole clusters around the cores that run in production, in one thread, under virtual time, from a seed.
 * There is no second model of the protocol here. What is modelled is the world: a replicated log with the guarantees of
 * Raft, databases with prepared transactions, streams, processes that stop anywhere, and people who interfere.
 */
@NullMarked
package dev.assent.simulation;

import org.jspecify.annotations.NullMarked;
