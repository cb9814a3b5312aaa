package dev.assent.benchmarks.micro;

/**
 * One benchmark's CPU time divided by another's.
 *
 * @param median of the rounds
 * @param least of any round
 * @param most of any round; how far apart the two are is what the measurement cannot tell
 */
public record MicroRatio(double median, double least, double most) {}
