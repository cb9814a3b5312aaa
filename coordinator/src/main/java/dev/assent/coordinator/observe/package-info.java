/** Listeners beside the shard's loop: what it did, for status, metrics and tests. The core knows none of them. */
@NullMarked
package dev.assent.coordinator.observe;

import org.jspecify.annotations.NullMarked;
