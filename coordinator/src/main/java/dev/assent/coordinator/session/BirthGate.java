package dev.assent.coordinator.session;

import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the sessions of a node whose server runs before its cluster is born: until then every stream ends with
 * UNAVAILABLE and the reason NOT_BORN. Thread-safe.
 */
public final class BirthGate extends ParticipantServiceGrpc.ParticipantServiceImplBase {
    private volatile @Nullable ParticipantSessions sessions;

    /** The cluster is born: from now on streams are served. */
    public void open(ParticipantSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public StreamObserver<InstanceMessage> connect(StreamObserver<NodeMessage> responses) {
        ParticipantSessions born = sessions;
        if (born != null) {
            return born.connect(responses);
        }
        responses.onError(new StreamRefusal(
                        Code.UNAVAILABLE,
                        "NOT_BORN",
                        "this node serves no cluster yet: ./assent cluster init makes one")
                .exception());
        return new Deaf();
    }

    /** What still arrives on a stream that was refused says nothing to anybody. */
    private static final class Deaf implements StreamObserver<InstanceMessage> {
        @Override
        public void onNext(InstanceMessage message) {}

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {}
    }
}
