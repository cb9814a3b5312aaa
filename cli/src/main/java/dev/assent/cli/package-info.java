/** What all commands share: options, exit codes, tables, progress, JSON, and errors that say what to do next. */
@NullMarked
package dev.assent.cli;

import org.jspecify.annotations.NullMarked;
