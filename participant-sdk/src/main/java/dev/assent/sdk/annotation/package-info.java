/** The words in which code says what it wants of a transaction, shared by all doors. Knows nothing of the engine. */
@NullMarked
package dev.assent.sdk.annotation;

import org.jspecify.annotations.NullMarked;
