/** What the cores share about time: when something falls due, and how long to wait before it is tried again. */
@NullMarked
package dev.assent.protocol.time;

import org.jspecify.annotations.NullMarked;
