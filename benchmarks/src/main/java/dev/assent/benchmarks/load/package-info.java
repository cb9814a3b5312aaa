/** A load run: starts nodes and client as processes of their own, measures them from outside, reports. */
@NullMarked
package dev.assent.benchmarks.load;

import org.jspecify.annotations.NullMarked;
