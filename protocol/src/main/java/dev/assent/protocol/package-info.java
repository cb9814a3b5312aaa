/**
 * The commit protocols as pure code: no clock, thread, logger, randomness or I/O.
 *
 * <p>Three cores share the values of this package: the coordinator's {@code ShardCore}, the participant's
 * {@code BranchCore} and the initiator's {@code InitiatorCore}. Each takes one input and the monotonic time and returns
 * the effects that the world must carry out. Duties of whoever drives a core:
 *
 * <ol>
 *   <li>Inputs of one core are given one after another, by one thread at a time.
 *   <li>Effects are carried out in the order in which they were returned. Each may be lost or happen twice; the protocol
 *       survives both.
 *   <li>Time is {@code nowNanos}, monotonic within one life of the process and never compared between processes.
 *   <li>What a remote side can cause is answered with a value. An {@link AssertionError} is a broken invariant: the
 *       driver stops the core for good.
 * </ol>
 *
 * <p>Terms are those of Gray and Reuter, <i>Transaction Processing</i> (1993), and of presumed abort in Mohan, Lindsay
 * and Obermarck, <i>Transaction Management in the R* Distributed Database Management System</i> (1986).
 */
@NullMarked
package dev.assent.protocol;

import org.jspecify.annotations.NullMarked;
