package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import dev.assent.proto.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream to one node, from dialling to its end. Lives on the event thread; only {@link #add} comes from others. */
final class NodeStream implements ClientResponseObserver<InstanceMessage, NodeMessage> {
    private final NodeLink link;
    private final Channels channels;
    private final ManagedChannel channel;
    private final SessionSettings settings;
    private final Outbox outbox = new Outbox();
    private @Nullable ClientCallStreamObserver<InstanceMessage> call;
    private @Nullable Future<?> timer;
    private boolean isWelcomed;
    private boolean isLeaving;
    private boolean hasLeft;
    private volatile boolean isEnded;
    private long sentNanos;

    NodeStream(NodeLink link, Channels channels, ManagedChannel channel, SessionSettings settings) {
        this.link = link;
        this.channels = channels;
        this.channel = channel;
        this.settings = settings;
    }

    /** Dials and says hello. What becomes of it is told to the link. */
    void start(Hello hello) {
        long boundNanos = settings.welcomeTimeout().toNanos();
        timer = channels.events()
                .schedule(
                        () -> end(new StreamEnd("TIMEOUT", "no answer within " + settings.welcomeTimeout())),
                        boundNanos,
                        TimeUnit.NANOSECONDS);
        ParticipantServiceGrpc.newStub(channel).connect(this);
        send(InstanceMessage.newBuilder().setHello(hello).build());
    }

    /** Adds a frame to the next message; from any thread. */
    void add(Frame frame) {
        boolean mustFlush = outbox.add(frame);
        if (outbox.waitingBytes() > settings.outboxBytes()) {
            later(() -> end(new StreamEnd("OVERFULL", "the node does not read what is sent to it")));
        } else if (mustFlush) {
            later(this::flush);
        }
    }

    /** Sends what waits, says goodbye and lets the node end the stream. */
    void leave() {
        isLeaving = true;
        if (isWelcomed) {
            flush();
        } else {
            end(new StreamEnd("CLOSED", "closed"));
        }
    }

    /** From the welcome on: a message at least every third of the lease, or the node takes this process for dead. */
    void keepAlive(long leaseNanos) {
        isWelcomed = true;
        cancelTimer();
        long everyNanos = Math.max(1, leaseNanos / 6);
        timer = channels.events()
                .scheduleWithFixedDelay(
                        () -> {
                            if (!hasLeft && System.nanoTime() - sentNanos >= everyNanos) {
                                send(InstanceMessage.getDefaultInstance());
                            }
                        },
                        everyNanos,
                        everyNanos,
                        TimeUnit.NANOSECONDS);
    }

    /** Ends the stream from this side. */
    void end(StreamEnd end) {
        if (isEnded) {
            return;
        }
        isEnded = true;
        cancelTimer();
        ClientCallStreamObserver<InstanceMessage> open = call;
        if (open != null) {
            open.cancel(end.text(), null);
        }
        channel.shutdownNow();
        link.ended(this, end);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<InstanceMessage> requests) {
        call = requests;
        requests.setOnReadyHandler(() -> onEvents(this::flush));
    }

    @Override
    public void onNext(NodeMessage message) {
        onEvents(() -> take(message));
    }

    @Override
    public void onError(Throwable broken) {
        onEvents(() -> end(StreamEnd.of(broken)));
    }

    @Override
    public void onCompleted() {
        onEvents(() -> end(new StreamEnd("CLOSED", "the node closed the stream")));
    }

    private void take(NodeMessage message) {
        if (isEnded) {
            return;
        }
        Optional<StreamEnd> problem = Optional.empty();
        if (message.hasWelcome() == isWelcomed) {
            problem = Optional.of(StreamEnd.malformed("welcome must be in the first message, and only there"));
        } else if (message.hasWelcome()) {
            Welcome welcome = message.getWelcome();
            problem = link.welcomed(this, welcome);
        }
        if (problem.isEmpty()) {
            problem = link.took(this, message.getFramesList());
        }
        problem.ifPresent(this::end);
    }

    private void flush() {
        outbox.flushing();
        ClientCallStreamObserver<InstanceMessage> open = call;
        if (isEnded || hasLeft || !isWelcomed || open == null) {
            return;
        }
        while (open.isReady()) {
            Optional<InstanceMessage> next = outbox.next();
            if (next.isEmpty()) {
                break;
            }
            send(next.get());
        }
        if (isLeaving && open.isReady()) {
            hasLeft = true;
            send(InstanceMessage.newBuilder().setGoodbye(true).build());
            open.onCompleted();
        }
    }

    private void send(InstanceMessage message) {
        ClientCallStreamObserver<InstanceMessage> open = call;
        if (open != null && !isEnded) {
            sentNanos = System.nanoTime();
            open.onNext(message);
        }
    }

    private void cancelTimer() {
        Future<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    /** gRPC calls from the event thread, but for some failures; those must not run beside it. */
    private void onEvents(Runnable task) {
        if (channels.isEventThread()) {
            task.run();
        } else {
            later(task);
        }
    }

    private void later(Runnable task) {
        try {
            channels.events().execute(task);
        } catch (RejectedExecutionException closed) {
            // The sessions are closed: nothing is sent any more, as for every frame without a stream.
            isEnded = true;
        }
    }
}
