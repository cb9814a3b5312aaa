package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchEffect;
import java.util.List;

/**
 * What a step of a participant led to.
 *
 * @param next the number of its state afterwards
 * @param sends numbers of messages
 * @param work steps in its database, in order
 * @param alarm what it must never do, or empty
 */
record InstanceOutcome(int next, int[] sends, List<BranchEffect> work, String alarm) {}
