/** One thread per shard owns its core: turns arrivals into inputs and effects into I/O, in batches. */
@NullMarked
package dev.assent.coordinator.shard;

import org.jspecify.annotations.NullMarked;
