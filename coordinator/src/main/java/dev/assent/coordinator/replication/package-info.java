/** The Raft log behind a small port: append, apply, snapshot, leadership. The only package that knows Apache Ratis. */
@NullMarked
package dev.assent.coordinator.replication;

import org.jspecify.annotations.NullMarked;
