/**
 * What the shells of both cores share: one core driven by one thread at a time, its timer, its way to the coordinator, and
 * the workers that take its blocking steps.
 */
@NullMarked
package dev.assent.sdk.internal.shell;

import org.jspecify.annotations.NullMarked;
