/** The coordinator's unary gRPC service: parses, hands over, answers. It decides nothing. */
@NullMarked
package dev.assent.coordinator.api;

import org.jspecify.annotations.NullMarked;
