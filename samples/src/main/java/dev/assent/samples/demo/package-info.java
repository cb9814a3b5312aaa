/** The demo: a real cluster, three real services, purchases under failures, and an audit of the databases. */
@NullMarked
package dev.assent.samples.demo;

import org.jspecify.annotations.NullMarked;
