/**
 * The explorer: every interleaving of a small world around the cores that run in production. One shard on a few nodes, one
 * transaction, a few participants with a database each; messages, log entries, clocks, crashes and people in any order.
 *
 * <p>A core is a function of its state and one input. So its steps are computed once per different state and input, with
 * the real core, and remembered; a state of the world is then a handful of small numbers, and going from one to the next
 * is arithmetic. That is what makes millions of states a matter of minutes.
 *
 * <p>Time is taken out: a timer may fire whenever it is armed. Every core has a clock of its own that moves only when one
 * of its timers fires. The times in the cores' settings are chosen in classes so far apart ({@link
 * dev.assent.simulation.explore.Times}) that firing a class fires nothing of a higher one, however often it is done.
 */
@NullMarked
package dev.assent.simulation.explore;

import org.jspecify.annotations.NullMarked;
