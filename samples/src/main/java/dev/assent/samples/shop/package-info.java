/** A shop of three services, each with a database of its own: what an application of Assent looks like. */
@NullMarked
package dev.assent.samples.shop;

import org.jspecify.annotations.NullMarked;
