/**
 * What the three cores say to each other. {@link dev.assent.protocol.message.Request} is answered by
 * {@link dev.assent.protocol.message.Answer}; {@link dev.assent.protocol.message.Notice} (instance to coordinator) and
 * {@link dev.assent.protocol.message.Command} (coordinator to instance) go one way. Every message may be lost, repeated,
 * late or out of order.
 */
@NullMarked
package dev.assent.protocol.message;

import org.jspecify.annotations.NullMarked;
