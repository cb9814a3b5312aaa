/** Starts clusters for tests, the demo and benchmarks: in one process, or as processes that can be killed for real. */
@NullMarked
package dev.assent.testkit;

import org.jspecify.annotations.NullMarked;
