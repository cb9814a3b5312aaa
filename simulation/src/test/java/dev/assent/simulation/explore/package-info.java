/** What the explorer must see, and what it must not. */
@NullMarked
package dev.assent.simulation.explore;

import org.jspecify.annotations.NullMarked;
