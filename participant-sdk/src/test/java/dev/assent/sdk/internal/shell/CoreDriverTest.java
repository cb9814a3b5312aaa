package dev.assent.sdk.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoreDriverTest {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CoreDriver.Clocks clocks = new CoreDriver.Clocks(new MonotonicClock(), timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    /** A participant that nobody talks to still has to list what it holds and ask about it. */
    @Test
    void ticksGoOnThoughNothingElseArrives() throws Exception {
        CountDownLatch ticks = new CountDownLatch(5);
        Periodic core = new Periodic(ticks);
        CoreDriver<String, String> driver =
                new CoreDriver<>("core", Core.of(core::on, core::nextDeadlineNanos), "tick", effect -> {}, clocks);

        driver.start();

        assertThat(ticks.await(20, TimeUnit.SECONDS))
                .as("%s ticks are missing", ticks.getCount())
                .isTrue();
    }

    @Test
    void anEarlierDeadlineIsNotMissedForALaterOne() throws Exception {
        CountDownLatch ticked = new CountDownLatch(1);
        long[] deadline = {TimeUnit.HOURS.toNanos(1)};
        Core<String, String> core = Core.of(
                (input, nowNanos) -> {
                    if (input.equals("tick")) {
                        ticked.countDown();
                    }
                    deadline[0] = input.equals("sooner") ? nowNanos + STEP_NANOS : Long.MAX_VALUE;
                    return List.of();
                },
                () -> deadline[0]);
        CoreDriver<String, String> driver = new CoreDriver<>("core", core, "tick", effect -> {}, clocks);

        driver.give("later");
        driver.give("sooner");

        assertThat(ticked.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Wants a tick so often, and nothing else. */
    private static final class Periodic {
        private final CountDownLatch ticks;
        private long nextNanos;

        Periodic(CountDownLatch ticks) {
            this.ticks = ticks;
        }

        List<String> on(String input, long nowNanos) {
            if (nowNanos >= nextNanos) {
                nextNanos = nowNanos + STEP_NANOS;
                ticks.countDown();
            }
            return List.of(input);
        }

        long nextDeadlineNanos() {
            return nextNanos;
        }
    }
}
