package dev.assent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "10s,10000", "5min,300000", "5m,300000", "1h,3600000", "10 s,10000", "0ms,0"})
    void durationIsANumberAndAUnit(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "10S", "10sec", "9999999999999s", "PT10S"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Durations.UNITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0ms", "50ms", "1500ms", "5s", "90s", "10min", "24h"})
    void writtenDurationReadsBack(String text) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0B", "1B", "1023B", "1025B", "1KiB", "64MiB", "1GiB", "1024GiB", "1536MiB"})
    void writtenSizeReadsBack(String text) {
        assertThat(Sizes.format(Sizes.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64MB", "64mib", "-1B", "1.5GiB"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> Sizes.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Sizes.UNITS);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1536,1.50 KiB", "67108864,64.0 MiB"})
    void tablesShowSizesRounded(long bytes, String text) {
        assertThat(Sizes.rounded(bytes)).isEqualTo(text);
    }

    @Test
    void nearestWordIsASlipAwayAndNothingElseIs() {
        List<String> words = List.of("timeout", "timeout-cap", "shards");
        assertThat(Nearest.to("timout", words)).contains("timeout");
        assertThat(Nearest.to("shard", words)).contains("shards");
        assertThat(Nearest.to("heap-size", words)).isEmpty();
    }

    @Test
    void versionIsTheBuilds() {
        assertThat(Software.VERSION).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }
}
