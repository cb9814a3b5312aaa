package dev.assent.simulation.explore;

import java.util.Arrays;

/** A small set of numbers, sorted. Not thread-safe. */
final class NumberSet {
    private int[] numbers = new int[8];
    private int size;

    int size() {
        return size;
    }

    int get(int at) {
        return numbers[at];
    }

    boolean contains(int number) {
        return Arrays.binarySearch(numbers, 0, size, number) >= 0;
    }

    /** Adds it; false if it was there. */
    boolean add(int number) {
        int at = Arrays.binarySearch(numbers, 0, size, number);
        if (at >= 0) {
            return false;
        }
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        System.arraycopy(numbers, -at - 1, numbers, -at, size + at + 1);
        numbers[-at - 1] = number;
        size++;
        return true;
    }

    void remove(int number) {
        int at = Arrays.binarySearch(numbers, 0, size, number);
        if (at >= 0) {
            removeAt(at);
        }
    }

    void removeAt(int at) {
        System.arraycopy(numbers, at + 1, numbers, at, size - at - 1);
        size--;
    }

    void clear() {
        size = 0;
    }

    void set(NumberSet other) {
        if (numbers.length < other.size) {
            numbers = new int[other.numbers.length];
        }
        System.arraycopy(other.numbers, 0, numbers, 0, other.size);
        size = other.size;
    }

    boolean isSame(NumberSet other) {
        return Arrays.equals(numbers, 0, size, other.numbers, 0, other.size);
    }
}
