package dev.assent.sdk.internal.propagation;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.InternalConfigurator;
import io.grpc.InternalConfiguratorRegistry;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees calls that leave a thread's transaction without its header, because their channel lacks the SDK's interceptor: what
 * they do elsewhere is done whether or not the transaction commits, and nobody would notice.
 *
 * <p>Such a channel is by definition one that the SDK was never given, so the only place to look from is gRPC itself: every
 * channel that is built after {@link #watch} gets an innermost interceptor, which looks at the headers after all others
 * had their turn. gRPC has one place in a process for this, and lets it be taken once; whoever took it before keeps it.
 * Channels that were built earlier are not seen.
 *
 * <p>Safe for use by several threads.
 */
public final class UncarriedCalls implements ClientInterceptor {
    private static final Logger log = LoggerFactory.getLogger(UncarriedCalls.class);
    private static final UncarriedCalls OF_PROCESS = new UncarriedCalls();
    private static final int MOST_PLACES = 1_000;

    private final Set<String> places = ConcurrentHashMap.newKeySet();

    private UncarriedCalls() {}

    /** From now on channels of this process are watched, if nobody else has taken gRPC's place for it. Idempotent. */
    public static synchronized void watch() {
        if (InternalConfiguratorRegistry.wasSetConfiguratorsCalled()) {
            boolean isOurs =
                    InternalConfiguratorRegistry.getConfigurators().stream().anyMatch(Watching.class::isInstance);
            if (!isOurs) {
                log.info("Calls that leave a transaction without its header are not watched for: another library"
                        + " configures the channels of this process");
            }
            return;
        }
        InternalConfiguratorRegistry.setConfigurators(List.of(new Watching()));
    }

    private static final class Watching implements InternalConfigurator {
        @Override
        public void configureChannelBuilder(ManagedChannelBuilder<?> channel) {
            // The first to be added is the last to be asked.
            channel.intercept(OF_PROCESS);
        }
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        return TransactionScope.current()
                .filter(scope -> scope.over().isEmpty())
                .<ClientCall<Q, A>>map(scope -> new Watched<>(call, scope, method.getFullMethodName()))
                .orElse(call);
    }

    private final class Watched<Q, A> extends SimpleForwardingClientCall<Q, A> {
        private final TransactionScope scope;
        private final String name;

        Watched(ClientCall<Q, A> delegate, TransactionScope scope, String name) {
            super(delegate);
            this.scope = scope;
            this.name = name;
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            if (!headers.containsKey(Headers.XID)) {
                uncarried(scope, name);
            }
            super.start(listener, headers);
        }
    }

    private void uncarried(TransactionScope scope, String name) {
        String place = name + " at " + Origin.ofCall();
        if (places.size() < MOST_PLACES && places.add(place)) {
            log.warn(
                    "The call of {} left transaction {} without its header: what it does stays done if the transaction"
                            + " aborts. Give its channel assent.clientInterceptor(), or make the call with propagation"
                            + " NOT_SUPPORTED if that is meant. Said once for this place",
                    place,
                    scope.xid());
        }
    }
}
