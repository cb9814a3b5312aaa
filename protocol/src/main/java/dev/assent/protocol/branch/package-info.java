/**
 * The participant's side of the protocols: what a branch does in its own database, in which order, and what it says
 * when. The core decides the order of evidence, prepare, vote, commit and acknowledgement; whoever drives it only
 * carries out one step after another, so that the process may stop between any two.
 */
@NullMarked
package dev.assent.protocol.branch;

import org.jspecify.annotations.NullMarked;
