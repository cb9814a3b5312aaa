/** What users may implement. Only these types and {@code dev.assent.sdk} keep their meaning between releases. */
@NullMarked
package dev.assent.sdk.spi;

import org.jspecify.annotations.NullMarked;
