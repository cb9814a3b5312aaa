package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;

class StartGateTest {
    private final StartGate gate = new StartGate();
    private final List<Status> closed = new ArrayList<>();
    private int served;

    @Test
    void peersComeInOnceTheLogsAreOpen() {
        call();
        assertThat(closed).extracting(Status::getCode).containsExactly(Status.Code.UNAVAILABLE);
        assertThat(served).isZero();

        gate.open();
        call();

        assertThat(served).isEqualTo(1);
        assertThat(closed).hasSize(1);
        assertThat(gate.refused()).isEqualTo(1);
    }

    private void call() {
        gate.interceptCall(new Call(), new Metadata(), (call, headers) -> {
            served++;
            return new ServerCall.Listener<>() {};
        });
    }

    private final class Call extends ServerCall<byte[], byte[]> {
        @Override
        public void request(int numMessages) {
            throw new AssertionError("nothing is asked for");
        }

        @Override
        public void sendHeaders(Metadata headers) {
            throw new AssertionError("nothing is answered");
        }

        @Override
        public void sendMessage(byte[] message) {
            throw new AssertionError("nothing is answered");
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<byte[], byte[]> getMethodDescriptor() {
            throw new AssertionError("not looked at");
        }
    }
}
