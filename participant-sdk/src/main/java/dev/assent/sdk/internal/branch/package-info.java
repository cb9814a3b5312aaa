/**
 * Branches in progress: the shell that drives {@code BranchCore}, carries its effects to the coordinator and to the
 * databases, and gives the application its connections.
 */
@NullMarked
package dev.assent.sdk.internal.branch;

import org.jspecify.annotations.NullMarked;
