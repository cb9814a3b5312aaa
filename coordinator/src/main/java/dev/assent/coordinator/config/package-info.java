/**
 * The node's configuration: one YAML file and environment overrides, checked as a whole at start, so that every mistake
 * is reported at once, each with its line and what is allowed.
 */
@NullMarked
package dev.assent.coordinator.config;

import org.jspecify.annotations.NullMarked;
