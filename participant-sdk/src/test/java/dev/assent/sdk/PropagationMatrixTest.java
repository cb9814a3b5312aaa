package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** Every level of propagation, at every place, through every door: all of them by the one table below. */
@Timeout(60)
class PropagationMatrixTest {
    /** What work runs in. */
    private enum In {
        NEW,
        SAME,
        NONE,
        REFUSED
    }

    /** Where it is called. */
    private enum Place {
        OUTSIDE,
        INSIDE_OWN,
        INSIDE_A_CALL
    }

    /** By which door it comes. */
    private enum Door {
        LAMBDA,
        ANNOTATION,
        MANUAL,
        ASYNC
    }

    /** Each level, annotated. */
    interface Levels {
        @GlobalTransactional(propagation = Propagation.REQUIRED)
        void required(Part part) throws Exception;

        @GlobalTransactional(propagation = Propagation.REQUIRES_NEW)
        void requiresNew(Part part) throws Exception;

        @GlobalTransactional(propagation = Propagation.SUPPORTS)
        void supports(Part part) throws Exception;

        @GlobalTransactional(propagation = Propagation.MANDATORY)
        void mandatory(Part part) throws Exception;

        @GlobalTransactional(propagation = Propagation.NEVER)
        void never(Part part) throws Exception;

        @GlobalTransactional(propagation = Propagation.NOT_SUPPORTED)
        void notSupported(Part part) throws Exception;

        /** Calls the method of a level. */
        static void at(Levels proxy, Propagation level, Part part) throws Exception {
            switch (level) {
                case REQUIRED -> proxy.required(part);
                case REQUIRES_NEW -> proxy.requiresNew(part);
                case SUPPORTS -> proxy.supports(part);
                case MANDATORY -> proxy.mandatory(part);
                case NEVER -> proxy.never(part);
                case NOT_SUPPORTED -> proxy.notSupported(part);
            }
        }
    }

    private record Passing() implements Levels {
        @Override
        public void required(Part part) throws Exception {
            part.run();
        }

        @Override
        public void requiresNew(Part part) throws Exception {
            part.run();
        }

        @Override
        public void supports(Part part) throws Exception {
            part.run();
        }

        @Override
        public void mandatory(Part part) throws Exception {
            part.run();
        }

        @Override
        public void never(Part part) throws Exception {
            part.run();
        }

        @Override
        public void notSupported(Part part) throws Exception {
            part.run();
        }
    }

    /** The whole behaviour: outside, and inside, whether the transaction began here or was brought by a call. */
    private record Row(Propagation level, In outside, In inside) {}

    private static final List<Row> TABLE = List.of(
            new Row(Propagation.REQUIRED, In.NEW, In.SAME),
            new Row(Propagation.REQUIRES_NEW, In.NEW, In.NEW),
            new Row(Propagation.SUPPORTS, In.NONE, In.SAME),
            new Row(Propagation.MANDATORY, In.REFUSED, In.SAME),
            new Row(Propagation.NEVER, In.NONE, In.REFUSED),
            new Row(Propagation.NOT_SUPPORTED, In.NONE, In.NONE));

    private final FakeCluster cluster = new FakeCluster();
    private final AtomicInteger items = new AtomicInteger();
    private TestService below;
    private TestService service;
    private Assent client;
    private volatile Callable<String> atService = () -> "";

    @BeforeEach
    void start() throws Exception {
        below = new TestService("below", cluster, (self, text) -> seen());
        service = new TestService("service", cluster, (self, text) -> atService.call());
        client = Assent.builder("client")
                .coordinators("fake:1")
                .connector(cluster)
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
        below.close();
        cluster.close();
    }

    static Stream<Arguments> everything() {
        return TABLE.stream()
                .flatMap(row -> Stream.of(Place.values())
                        .flatMap(place -> Stream.of(Door.values())
                                .map(door -> Arguments.of(
                                        row.level, place, door, place == Place.OUTSIDE ? row.outside : row.inside))));
    }

    // Without it: the three doors differ in what they make of a transaction, and moving code from one to another loses
    // work.
    @ParameterizedTest(name = "{0} {1} by {2} runs in {3}")
    @MethodSource("everything")
    void levelMeansTheSameByEveryDoor(Propagation level, Place place, Door door, In expected) throws Exception {
        at(place, () -> {
            String around = seen();
            Optional<String> inside = worked(level, door, Optional.empty());

            assertThat(in(around, inside)).isEqualTo(expected);
            assertThat(seen()).as("what is bound afterwards").isEqualTo(around);
            return "";
        });
    }

    // Without it: after a failure the thread goes on in the wrong transaction, or in none, and commits half.
    @ParameterizedTest(name = "{0} {1} by {2} runs in {3}")
    @MethodSource("everything")
    void afterAnExceptionTheOuterIsBoundAgain(Propagation level, Place place, Door door, In expected) throws Exception {
        IOException failure = new IOException("meant");
        Callable<String> work = () -> {
            String around = seen();
            Optional<String> inside = worked(level, door, Optional.of(failure));

            assertThat(in(around, inside)).isEqualTo(expected);
            assertThat(seen()).as("what is bound afterwards").isEqualTo(around);
            // Work that joined spoils the whole; work in another transaction, or in none, does not.
            assertThat(GlobalTransaction.current()
                            .flatMap(GlobalTransaction::rollbackOnly)
                            .isPresent())
                    .isEqualTo(expected == In.SAME);
            return "";
        };
        if (expected == In.SAME) {
            assertThatThrownBy(() -> at(place, work)).hasMessageContaining("joined");
        } else {
            at(place, work);
        }
    }

    // Without it: the inner commit decides for the whole.
    @ParameterizedTest(name = "{0} {1} by {2} runs in {3}")
    @MethodSource("everything")
    void onlyWhoeverBeganCommits(Propagation level, Place place, Door door, In expected) throws Exception {
        at(place, () -> {
            int before = service.committedCount();
            worked(level, door, Optional.empty());
            boolean isDurable = expected == In.NEW || expected == In.NONE;
            assertThat(service.committedCount() - before).isEqualTo(isDurable ? 1 : 0);
            return "";
        });
        assertThat(service.committedCount()).isEqualTo(expected == In.REFUSED ? 0 : 1);
    }

    private void at(Place place, Callable<String> work) throws Exception {
        switch (place) {
            case OUTSIDE -> work.call();
            case INSIDE_OWN -> service.assent.transact(tx -> work.call());
            case INSIDE_A_CALL -> {
                CompletableFuture<Throwable> assertion = new CompletableFuture<>();
                atService = () -> {
                    try {
                        return work.call();
                    } catch (Throwable e) {
                        assertion.complete(e);
                        throw e;
                    }
                };
                try {
                    client.transact(tx -> EchoService.say(service.channel(client), ""));
                } finally {
                    assertThat(assertion.getNow(null)).isNull();
                }
            }
        }
    }

    /** Runs work that inserts a row; what it saw, or empty if it was refused. */
    private Optional<String> worked(Propagation level, Door door, Optional<IOException> failure) throws Exception {
        CompletableFuture<String> sight = new CompletableFuture<>();
        try {
            through(door, level, () -> {
                sight.complete(seen());
                service.insert("item" + items.incrementAndGet());
                if (failure.isPresent()) {
                    throw failure.get();
                }
            });
            assertThat(failure).isEmpty();
        } catch (IOException e) {
            assertThat(failure).containsSame(e);
        } catch (IllegalStateException e) {
            refused(level, e);
        }
        return Optional.ofNullable(sight.getNow(null));
    }

    private static void refused(Propagation level, IllegalStateException refusal) {
        assertThat(level).as(refusal.toString()).isIn(Propagation.MANDATORY, Propagation.NEVER);
    }

    /** The transaction of this thread, in which its connections, its calls and its log agree. */
    private String seen() throws Exception {
        String bound =
                GlobalTransaction.current().map(tx -> tx.xid().toString()).orElse("none");
        assertThat(Optional.ofNullable(MDC.get("xid")).orElse("none")).isEqualTo(bound);
        return bound;
    }

    private In in(String around, Optional<String> inside) throws Exception {
        if (inside.isEmpty()) {
            return In.REFUSED;
        } else if (inside.get().equals("none")) {
            return In.NONE;
        }
        return inside.get().equals(around) ? In.SAME : In.NEW;
    }

    @ParameterizedTest(name = "{0} {1} by {2} runs in {3}")
    @MethodSource("everything")
    void callsCarryWhatTheWorkRunsIn(Propagation level, Place place, Door door, In expected) throws Exception {
        at(place, () -> {
            CompletableFuture<String> there = new CompletableFuture<>();
            CompletableFuture<String> here = new CompletableFuture<>();
            try {
                through(door, level, () -> {
                    here.complete(seen());
                    there.complete(EchoService.say(below.channel(service.assent), ""));
                });
            } catch (IllegalStateException e) {
                refused(level, e);
            }
            assertThat(there.getNow("refused")).isEqualTo(here.getNow("refused"));
            assertThat(here.isDone()).isEqualTo(expected != In.REFUSED);
            return "";
        });
    }

    /** Work, in whatever it runs. */
    interface Part {
        void run() throws Exception;
    }

    private void through(Door door, Propagation level, Part part) throws Exception {
        TransactionOptions options = TransactionOptions.propagation(level);
        switch (door) {
            case LAMBDA -> service.assent.run(options, tx -> check(tx, part));
            case ANNOTATION -> Levels.at(service.assent.proxy(Levels.class, new Passing()), level, part);
            case MANUAL -> {
                GlobalTransaction tx = service.assent.begin(options);
                try {
                    check(tx, part);
                    assertThat(tx.commit()).isEmpty();
                } finally {
                    tx.rollbackUnlessEnded();
                }
            }
            case ASYNC -> {
                try {
                    service.assent
                            .transactAsync(options, tx -> {
                                check(tx, part);
                                return CompletableFuture.completedFuture("");
                            })
                            .toCompletableFuture()
                            .get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception inner ? inner : e;
                }
            }
        }
    }

    private void check(GlobalTransaction tx, Part part) throws Exception {
        assertThat(tx.isPresent() ? tx.xid().toString() : "none").isEqualTo(seen());
        part.run();
    }

    @ParameterizedTest
    @MethodSource("newOnes")
    void outerMayRollBackThoughTheInnerCommitted(Door door) throws Exception {
        CompletableFuture<Xid> inner = new CompletableFuture<>();
        IOException failure = new IOException("outer");

        assertThatThrownBy(() -> service.assent.run(outer -> {
                    service.insert("outer");
                    through(door, Propagation.REQUIRES_NEW, () -> {
                        inner.complete(GlobalTransaction.required().xid());
                        service.insert("inner");
                    });
                    throw failure;
                }))
                .isSameAs(failure);

        assertThat(service.assent.outcome(inner.join())).contains(Outcome.COMMITTED);
        assertThat(service.committedCount()).isEqualTo(1);
    }

    static Stream<Door> newOnes() {
        return Stream.of(Door.values());
    }
}
