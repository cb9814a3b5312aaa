/**
 * The initiator's side: numbers leased in blocks, the account of calls, and the question that is asked until it is
 * answered.
 */
@NullMarked
package dev.assent.protocol.initiator;

import org.jspecify.annotations.NullMarked;
