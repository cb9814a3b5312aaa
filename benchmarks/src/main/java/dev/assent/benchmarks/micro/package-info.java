/** Small loops under JMH: what single parts cost. */
@NullMarked
package dev.assent.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
