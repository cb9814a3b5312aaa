/** Transactions that this process began: the shell that drives {@code InitiatorCore} and whoever waits for its answers. */
@NullMarked
package dev.assent.sdk.internal.initiator;

import org.jspecify.annotations.NullMarked;
