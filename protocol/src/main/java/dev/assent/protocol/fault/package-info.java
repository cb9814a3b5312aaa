/**
 * The steps of the protocols at which something can be made to go wrong, and rules that say where, when and what. Shells
 * and the simulator strike at the same points; carrying an action out is theirs.
 */
@NullMarked
package dev.assent.protocol.fault;

import org.jspecify.annotations.NullMarked;
