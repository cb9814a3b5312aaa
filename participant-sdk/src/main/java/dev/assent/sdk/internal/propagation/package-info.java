/**
 * How a transaction travels: the scope in which a thread works, bound to gRPC's context, and the interceptors that carry it
 * over calls and bring back the account of what ran below them.
 */
@NullMarked
package dev.assent.sdk.internal.propagation;

import org.jspecify.annotations.NullMarked;
