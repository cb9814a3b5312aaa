package dev.assent.benchmarks.micro;

/**
 * What one benchmark gave.
 *
 * @param benchmark its class and method, without packages
 * @param bestNanos an operation, in the iteration that was disturbed least: what a busy machine adds is never negative
 * @param nanos an operation, in the mean
 * @param errorNanos half of the 99.9 % confidence interval
 * @param bytes allocated by an operation
 */
public record MicroScore(String benchmark, double bestNanos, double nanos, double errorNanos, double bytes) {}
