package dev.assent.simulation.explore;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;

/**
 * What is under way between processes. Requests and answers are not: the initiator may repeat a request at any time, so a
 * request that is under way for long is one that is made late; and it is judged by what it may be told, whether or not
 * the answer arrives.
 */
sealed interface Message {
    /** To whichever node it reaches: an instance may take a deposed leader for the leader. */
    record Up(InstanceId from, Notice notice) implements Message {}

    record Down(InstanceId to, Command command) implements Message {}
}
