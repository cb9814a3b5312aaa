package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.junit.jupiter.api.Test;

class AppendFailureTest {
    private static final RaftGroupMemberId MEMBER =
            RaftGroupMemberId.valueOf(RaftPeerId.valueOf("n1"), RaftGroupId.randomId());

    @Test
    void whatWasSaidBeforeAnythingWasAppendedMayBeSubmittedAgain() {
        assertThat(AppendFailure.of(new LeaderNotReadyException(MEMBER))).isEqualTo(AppendFailure.REFUSED);
        assertThat(AppendFailure.of(new LeaderSteppingDownException("n1 is stepping down")))
                .isEqualTo(AppendFailure.REFUSED);
        assertThat(AppendFailure.of(
                        new ResourceUnavailableException("n1: Failed to acquire a pending write request for r")))
                .isEqualTo(AppendFailure.REFUSED);
    }

    @Test
    void deposedLeaderKnowsNothingAboutItsEntry() {
        assertThat(AppendFailure.of(new CompletionException(new NotLeaderException(MEMBER, null, null))))
                .isEqualTo(AppendFailure.LEADERSHIP_OVER);
        assertThat(AppendFailure.of(new AlreadyClosedException("closed"))).isEqualTo(AppendFailure.LEADERSHIP_OVER);
    }

    @Test
    void anythingElseIsUncertain() {
        assertThat(AppendFailure.of(
                        new ResourceUnavailableException("n1: Failed to add a pending write request for r")))
                .isEqualTo(AppendFailure.UNCERTAIN);
        assertThat(AppendFailure.of(new IOException("?"))).isEqualTo(AppendFailure.UNCERTAIN);
        assertThat(AppendFailure.of((Throwable) null)).isEqualTo(AppendFailure.UNCERTAIN);
    }

    @Test
    void packThatTheOwnCheckRefusesIsABrokenInvariant() {
        assertThat(AppendFailure.of(new StateMachineException("bad pack"))).isEqualTo(AppendFailure.INVALID);
    }
}
