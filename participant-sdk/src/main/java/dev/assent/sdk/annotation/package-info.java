/**
 * How code says what it wants of a transaction: the annotation of methods, and the words that all doors share. Knows nothing
 * of the engine, so that interfaces can be annotated without depending on more.
 */
@NullMarked
package dev.assent.sdk.annotation;

import org.jspecify.annotations.NullMarked;
