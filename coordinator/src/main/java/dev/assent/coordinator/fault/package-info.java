/** Where a coordinator can be made to fail on purpose, between any two steps of the protocol. */
@NullMarked
package dev.assent.coordinator.fault;

import org.jspecify.annotations.NullMarked;
