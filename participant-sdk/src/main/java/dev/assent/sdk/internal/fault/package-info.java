/** The seam at which tests break participants and initiators: one call at every step of the protocol. */
@NullMarked
package dev.assent.sdk.internal.fault;

import org.jspecify.annotations.NullMarked;
