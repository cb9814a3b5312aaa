/** The coordinator node: wires the packages below it, which do the work. */
@NullMarked
package dev.assent.coordinator;

import org.jspecify.annotations.NullMarked;
