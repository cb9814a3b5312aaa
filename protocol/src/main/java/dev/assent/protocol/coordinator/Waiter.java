package dev.assent.protocol.coordinator;

import dev.assent.protocol.message.AnswerMode;

/** A request that waits for the outcome of its transaction. */
record Waiter(RequestId request, AnswerMode mode) {}
