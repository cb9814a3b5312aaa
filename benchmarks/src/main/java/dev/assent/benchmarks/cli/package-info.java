/** The commands that measure. */
@NullMarked
package dev.assent.benchmarks.cli;

import org.jspecify.annotations.NullMarked;
