/** What initiators and participants embed. */
@NullMarked
package dev.assent.sdk;

import org.jspecify.annotations.NullMarked;
