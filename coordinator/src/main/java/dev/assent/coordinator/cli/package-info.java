/** One class for each command that this module serves. */
@NullMarked
package dev.assent.coordinator.cli;

import org.jspecify.annotations.NullMarked;
