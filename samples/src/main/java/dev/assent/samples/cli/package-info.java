/** The demo as a command. */
@NullMarked
package dev.assent.samples.cli;

import org.jspecify.annotations.NullMarked;
