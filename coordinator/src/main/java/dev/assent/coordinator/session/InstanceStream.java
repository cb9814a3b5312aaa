package dev.assent.coordinator.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.Welcome;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.Input;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of one process. gRPC calls it for one message after another; shards, timer and a successor may end it at any
 * time from other threads.
 */
final class InstanceStream implements StreamObserver<InstanceMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceStream.class);

    private final SessionContext context;
    private final StreamOutbox outbox;
    private final StreamIntake intake;
    private final AtomicBoolean isEnded = new AtomicBoolean();
    private volatile @Nullable InstanceId instance;

    InstanceStream(SessionContext context, ServerCallStreamObserver<NodeMessage> observer) {
        this.context = context;
        this.outbox = new StreamOutbox(observer, context.limits(), context.nanoClock());
        this.intake = new StreamIntake(context, observer);
    }

    /** Takes the first message. */
    void start() {
        intake.readOn();
    }

    /** Sends frames, or ends the stream of a process that does not read. */
    void send(List<Frame> frames) {
        outbox.send(frames);
        endIfOverfull();
    }

    void transportReady() {
        outbox.drain();
    }

    /** Ends the stream of a process that is silent for the session lease, or does not read. */
    void check() {
        endIfOverfull();
        if (intake.isSilent()) {
            end(new StreamRefusal(
                    Code.DEADLINE_EXCEEDED,
                    instance == null ? "NO_HELLO" : "SILENT",
                    "nothing was received for " + context.membership().sessionLease()));
        }
    }

    @Override
    public void onNext(InstanceMessage message) {
        if (isEnded.get()) {
            return;
        }
        StreamRefusal refusal = instance == null ? greet(message) : null;
        if (refusal == null && !isEnded.get()) {
            refusal = take(message);
        }
        if (refusal != null) {
            end(refusal);
        }
    }

    @Override
    public void onError(Throwable broken) {
        LOG.debug("Stream of {} broke: {}", instance, broken.getMessage());
        broken();
    }

    @Override
    public void onCompleted() {
        close(false);
        outbox.close(null);
    }

    /** The connection is gone. */
    void broken() {
        close(false);
        outbox.abandon();
    }

    /** Ends the stream from this side. */
    void end(StreamRefusal refusal) {
        if (close(false)) {
            LOG.info("Ended the stream of {}: {} ({})", instance, refusal.text(), refusal.reason());
        }
        outbox.close(refusal.exception());
    }

    private @Nullable StreamRefusal greet(InstanceMessage message) {
        if (!message.hasHello()) {
            return StreamRefusal.invalid("the first message must hold hello");
        }
        Greeting greeting = Greeting.of(message.getHello(), context.membership().cluster());
        if (greeting instanceof Greeting.Refused refused) {
            return refused.refusal();
        }
        Greeting.Welcomed welcomed = (Greeting.Welcomed) greeting;
        instance = welcomed.instance();
        InstanceStream replaced = context.table()
                .open(this, new Input.SessionOpened(welcomed.instance(), welcomed.name(), welcomed.resources()));
        if (isEnded.get()) {
            // The timer ended the stream while the hello was on its way, and knew of no session to close.
            context.table().close(this, new Input.SessionClosed(welcomed.instance(), false));
            return null;
        }
        if (replaced != null) {
            replaced.end(
                    new StreamRefusal(Code.ABORTED, "REPLACED", "this process opened another stream to this node"));
        }
        outbox.welcome(welcome(welcomed.version()));
        return null;
    }

    private Welcome welcome(int version) {
        Membership membership = context.membership();
        return Welcome.newBuilder()
                .setVersion(version)
                .setCluster(membership.cluster().toString())
                .setShards(membership.shards())
                .setNode(membership.node().value())
                .setSessionLeaseMillis((int) membership.sessionLease().toMillis())
                .addAllLeads(context.table().leads())
                .build();
    }

    private @Nullable StreamRefusal take(InstanceMessage message) {
        InstanceId from = instance;
        if (from == null || (message.hasHello() && intake.hasTaken())) {
            return StreamRefusal.invalid("hello may be in the first message only");
        }
        StreamIntake.Taken taken = intake.take(from, message);
        if (!taken.replies().isEmpty()) {
            send(taken.replies());
        }
        if (taken.refusal() == null && message.getGoodbye()) {
            close(true);
            outbox.close(null);
        }
        return taken.refusal();
    }

    private void endIfOverfull() {
        StreamRefusal overflow = outbox.overflow();
        if (overflow != null) {
            end(overflow);
        }
    }

    /** Tells the shards, once. */
    private boolean close(boolean isForGood) {
        if (!isEnded.compareAndSet(false, true)) {
            return false;
        }
        context.openStreams().remove(this);
        InstanceId who = instance;
        if (who != null) {
            context.table().close(this, new Input.SessionClosed(who, isForGood));
        }
        return true;
    }
}
