package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeadershipTest {
    private final RecordingListener listener = new RecordingListener();
    private final Leadership leadership = new Leadership(listener);

    @Test
    void readinessIsToldOnceAnnounced() {
        leadership.ready(5);
        assertThat(listener.news()).isEmpty();
        leadership.announce();
        leadership.announce();
        assertThat(listener.news()).containsExactly("won");
    }

    @Test
    void readinessThatArrivesAfterItsLossIsDropped() {
        leadership.lost(5);
        leadership.ready(5);
        leadership.announce();
        assertThat(listener.news()).containsExactly("lost");
    }

    @Test
    void lossBeforeTheAnnouncementCancelsIt() {
        leadership.ready(5);
        leadership.lost(6);
        leadership.announce();
        assertThat(listener.news()).containsExactly("lost");
        assertThat(leadership.isPending()).isFalse();
    }

    @Test
    void laterTermIsWonAgain() {
        leadership.ready(5);
        leadership.announce();
        leadership.lost(5);
        leadership.ready(7);
        leadership.announce();
        assertThat(listener.news()).containsExactly("won", "lost", "won");
    }
}
