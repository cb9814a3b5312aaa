/** The process under load: initiator and participant over the SDK, with branches that need no database. */
@NullMarked
package dev.assent.benchmarks.client;

import org.jspecify.annotations.NullMarked;
