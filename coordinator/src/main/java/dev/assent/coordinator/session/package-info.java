/** Participants' streams: who is connected and serves what, pushing commands, flow control. */
@NullMarked
package dev.assent.coordinator.session;

import org.jspecify.annotations.NullMarked;
