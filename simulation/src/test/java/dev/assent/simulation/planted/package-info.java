/** Bugs that were planted into the production cores, each with the tool that must find it. */
@NullMarked
package dev.assent.simulation.planted;

import org.jspecify.annotations.NullMarked;
