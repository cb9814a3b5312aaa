/** The command that this package's module serves. */
@NullMarked
package dev.assent.simulation.cli;

import org.jspecify.annotations.NullMarked;
