package dev.assent.protocol.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.branch.WorkUnits.Undo;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is undone is exactly what the unit did, whatever else goes on in its branch. */
class WorkUnitsTest {
    private static final int HISTORIES = 3_000;

    private final WorkUnits units = new WorkUnits();

    @Test
    void firstUnitIsUndoneWithoutAnyMark() {
        long unit = units.begin();
        assertThat(units.enter(List.of(unit))).isEmpty();
        units.changed(List.of(unit));
        assertThat(units.undo(unit)).isEqualTo(new Undo.Everything());
    }

    @Test
    void laterUnitIsMarkedOnceAndUndoneToItsMark() {
        units.stands();
        long unit = units.begin();
        List<Long> marks = units.enter(List.of(unit));
        assertThat(marks).hasSize(1);
        assertThat(units.enter(List.of(unit))).isEmpty();
        units.changed(List.of(unit));
        assertThat(units.undo(unit)).isEqualTo(new Undo.BackTo(marks.get(0)));
    }

    // Without it: undoing the first takes the second's work, which somebody believes to be done.
    @Test
    void unitWithWhichOthersOverlappedIsNotUndone() {
        long first = units.begin();
        long second = units.begin();
        for (long unit : List.of(first, second)) {
            units.enter(List.of(unit));
            units.changed(List.of(unit));
        }
        assertThat(units.undo(first)).isEqualTo(new Undo.Entangled());
        assertThat(units.undo(second)).isInstanceOf(Undo.BackTo.class);
    }

    @Test
    void unitThatOnlyReadHasNothingToUndoThoughOthersWrote() {
        long reader = units.begin();
        units.enter(List.of(reader));
        units.changed(List.of());
        assertThat(units.undo(reader)).isEqualTo(new Undo.Nothing());
    }

    @Test
    void unitInsideAnotherIsUndoneAloneOrWithIt() {
        long outer = units.begin();
        long inner = units.begin();
        units.enter(List.of(outer, inner));
        units.changed(List.of(outer, inner));
        assertThat(units.undo(inner)).isInstanceOf(Undo.BackTo.class);
        assertThat(units.hasChanged(outer)).isTrue();
        assertThat(units.undo(outer)).isEqualTo(new Undo.Everything());
    }

    @Test
    void markIsGivenBackOnlyWhenNobodyElseHasOne() {
        units.stands();
        long first = units.begin();
        long second = units.begin();
        units.enter(List.of(first));
        units.enter(List.of(second));
        assertThat(units.stands(first)).isFalse();
        assertThat(units.stands(second)).isTrue();
    }

    @Test
    void historiesOfManyUnitsUndoExactlyWhatEachDid() {
        int entangled = 0;
        int undone = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(seed);
            for (int i = 0; i < 40; i++) {
                history.step();
            }
            entangled += history.entangled;
            undone += history.undone;
        }
        assertThat(entangled).as("histories must overlap").isGreaterThan(HISTORIES / 10);
        assertThat(undone).as("histories must undo").isGreaterThan(HISTORIES);
    }

    /** A branch in a database that can only go back to marks, and who did what in it. */
    private static final class History {
        private record Write(int number, List<Long> in) {}

        private final int seed;
        private final Random random;
        private final WorkUnits units = new WorkUnits();
        private final List<Write> done = new ArrayList<>();
        private final TreeMap<Long, Integer> marks = new TreeMap<>();
        /** Each with the unit that it lies in, or 0. */
        private final TreeMap<Long, Long> open = new TreeMap<>();

        /** Units while which somebody else wrote. */
        private final TreeSet<Long> overlapped = new TreeSet<>();

        private int writes;
        private int entangled;
        private int undone;

        History(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void step() {
            int what = random.nextInt(10);
            if (what < 2 || open.isEmpty()) {
                long around = open.isEmpty() || random.nextBoolean() ? 0 : any();
                open.put(units.begin(), around);
            } else if (what < 7) {
                write(random.nextInt(8) == 0 ? List.of() : chain(any()));
            } else if (what == 7) {
                read(chain(any()));
            } else if (what == 8) {
                long unit = any();
                units.stands(unit);
                close(unit);
            } else {
                undo(any());
            }
        }

        private long any() {
            return new ArrayList<>(open.keySet()).get(random.nextInt(open.size()));
        }

        private List<Long> chain(long unit) {
            List<Long> chain = new ArrayList<>();
            for (long at = unit; at != 0; at = open.getOrDefault(at, 0L)) {
                chain.add(0, at);
            }
            return chain;
        }

        private void close(long unit) {
            long around = open.getOrDefault(unit, 0L);
            open.remove(unit);
            open.replaceAll((inner, outer) -> outer == unit ? around : outer);
        }

        private void read(List<Long> chain) {
            units.enter(chain).forEach(mark -> marks.put(mark, done.size()));
        }

        private void write(List<Long> chain) {
            read(chain);
            units.changed(chain);
            open.keySet().stream().filter(unit -> !chain.contains(unit)).forEach(overlapped::add);
            done.add(new Write(++writes, chain));
            if (chain.isEmpty()) {
                units.stands();
            }
        }

        private void undo(long unit) {
            List<Write> expected =
                    done.stream().filter(write -> !write.in.contains(unit)).toList();
            Undo undo = units.undo(unit);
            if (undo instanceof Undo.Entangled) {
                entangled++;
                assertThat(overlapped)
                        .as("seed %s: only others can stand in the way", seed)
                        .contains(unit);
                close(unit);
                return;
            }
            if (undo instanceof Undo.Everything) {
                done.clear();
            } else if (undo instanceof Undo.BackTo back) {
                int at = marks.getOrDefault(back.mark(), -1);
                assertThat(at).as("seed %s: mark %s is set", seed, back.mark()).isNotNegative();
                done.subList(at, done.size()).clear();
                marks.tailMap(back.mark(), false).clear();
            }
            undone++;
            assertThat(done).as("seed %s: what stands", seed).isEqualTo(expected);
            close(unit);
        }
    }
}
