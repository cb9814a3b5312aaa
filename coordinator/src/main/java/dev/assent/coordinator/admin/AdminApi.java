package dev.assent.coordinator.admin;

import dev.assent.cli.Software;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.proto.v1.AdminServiceGrpc;
import dev.assent.proto.v1.ChangeMembersRequest;
import dev.assent.proto.v1.ChangeMembersResponse;
import dev.assent.proto.v1.CompleteBirthRequest;
import dev.assent.proto.v1.CompleteBirthResponse;
import dev.assent.proto.v1.GetNodeRequest;
import dev.assent.proto.v1.GetNodeResponse;
import dev.assent.proto.v1.GetStatusRequest;
import dev.assent.proto.v1.GetStatusResponse;
import dev.assent.proto.v1.JoinClusterRequest;
import dev.assent.proto.v1.JoinClusterResponse;
import dev.assent.proto.v1.PledgeBirthRequest;
import dev.assent.proto.v1.PledgeBirthResponse;
import dev.assent.proto.v1.TransferLeadershipRequest;
import dev.assent.proto.v1.TransferLeadershipResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's admin calls; served from its start, also before it is born. Thread-safe. Births block the calling thread
 * until the disk has them, so do not serve this on an event loop.
 */
public final class AdminApi extends AdminServiceGrpc.AdminServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);

    private final NodeConfig config;
    private final NodeControl control;
    private final MembershipCalls membership;
    private final BirthPledge pledge;
    private final Object birthLock = new Object();

    /**
     * Clears a pledge that a crash left behind a finished birth.
     *
     * @throws IOException if the data directory refuses that
     */
    public AdminApi(NodeConfig config, NodeControl control) throws IOException {
        this.config = config;
        this.control = control;
        this.membership = new MembershipCalls(control);
        this.pledge = new BirthPledge(config.node().dataDirectory());
        if (control.identity().isPresent()) {
            pledge.remove();
        }
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> reply) {
        answer(reply, () -> {
            Optional<ClusterIdentity> born = control.identity();
            Optional<ClusterIdentity> identity = born.isPresent() ? born : readPledge();
            BirthState state = born.isPresent() ? BirthState.BORN : BirthState.EMPTY;
            if (born.isEmpty() && identity.isPresent()) {
                state = BirthState.PLEDGED;
            }
            GetNodeResponse.Builder node = GetNodeResponse.newBuilder()
                    .setNodeId(config.node().id().value())
                    .setSoftware(Software.VERSION)
                    .setDevelopment(config.cluster().development())
                    .setState(AdminCodec.write(state))
                    .setConfigured(AdminCodec.write(ClusterPlan.of(config.cluster())));
            identity.ifPresent(life -> node.setIdentity(AdminCodec.write(life)));
            control.knownMembers().forEach(member -> node.addKnownMembers(member.value()));
            return node.build();
        });
    }

    @Override
    public void pledgeBirth(PledgeBirthRequest request, StreamObserver<PledgeBirthResponse> reply) {
        answer(reply, () -> {
            ClusterIdentity asked = read(request.getIdentity());
            synchronized (birthLock) {
                if (isBornAs(asked)) {
                    return PledgeBirthResponse.getDefaultInstance();
                }
                Optional<ClusterIdentity> promised = readPledge();
                if (promised.isPresent() && !promised.get().equals(asked)) {
                    throw AdminErrors.refused(
                            "BORN_OTHERWISE",
                            "the node is pledged to " + promised.get().id());
                }
                store(() -> pledge.write(asked));
            }
            LOG.info("Pledged to be born into {}", asked.id());
            return PledgeBirthResponse.getDefaultInstance();
        });
    }

    @Override
    public void completeBirth(CompleteBirthRequest request, StreamObserver<CompleteBirthResponse> reply) {
        answer(reply, () -> {
            ClusterIdentity asked = read(request.getIdentity());
            synchronized (birthLock) {
                if (isBornAs(asked)) {
                    return CompleteBirthResponse.getDefaultInstance();
                }
                Optional<ClusterIdentity> promised = readPledge();
                if (promised.isEmpty() || !promised.get().id().equals(asked.id())) {
                    throw AdminErrors.refused("NOT_PLEDGED", "the node has not pledged itself to " + asked.id());
                }
                store(() -> control.birth(promised.get()));
                store(pledge::remove);
            }
            LOG.info("Born into {}", asked.id());
            return CompleteBirthResponse.getDefaultInstance();
        });
    }

    @Override
    public void joinCluster(JoinClusterRequest request, StreamObserver<JoinClusterResponse> reply) {
        answer(reply, () -> {
            ClusterIdentity asked = read(request.getIdentity());
            synchronized (birthLock) {
                if (isBornAs(asked)) {
                    return JoinClusterResponse.getDefaultInstance();
                }
                if (readPledge().isPresent()) {
                    throw AdminErrors.refused("BORN_OTHERWISE", "the node is pledged to a birth");
                }
                store(() -> control.join(asked));
            }
            LOG.info("Joined {}", asked.id());
            return JoinClusterResponse.getDefaultInstance();
        });
    }

    @Override
    public void changeMembers(ChangeMembersRequest request, StreamObserver<ChangeMembersResponse> reply) {
        answerLater(
                reply,
                () -> membership
                        .change(request)
                        .thenApply(changed -> ChangeMembersResponse.newBuilder()
                                .setChanged(changed)
                                .build()));
    }

    @Override
    public void transferLeadership(
            TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> reply) {
        answerLater(
                reply,
                () -> membership
                        .transfer(request.getShard(), request.getTo())
                        .thenApply(changed -> TransferLeadershipResponse.getDefaultInstance()));
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> reply) {
        answer(reply, () -> {
            ClusterIdentity identity = control.identity()
                    .orElseThrow(() -> AdminErrors.refused("NOT_BORN", "the node is not part of a cluster yet"));
            GetStatusResponse.Builder status = GetStatusResponse.newBuilder()
                    .setNodeId(config.node().id().value())
                    .setSoftware(Software.VERSION)
                    .setDevelopment(config.cluster().development())
                    .setIdentity(AdminCodec.write(identity))
                    .setCounts(AdminCodec.write(control.counts()));
            control.shards().forEach(shard -> status.addShards(AdminCodec.write(shard)));
            return status.build();
        });
    }

    private boolean isBornAs(ClusterIdentity asked) {
        Optional<ClusterIdentity> born = control.identity();
        // Members may have come and gone since the birth: only the life itself must be the same.
        if (born.isPresent() && !born.get().id().equals(asked.id())) {
            throw AdminErrors.refused(
                    "BORN_OTHERWISE", "the node belongs to " + born.get().id());
        }
        return born.isPresent();
    }

    private ClusterIdentity read(dev.assent.proto.v1.ClusterIdentity message) {
        ClusterIdentity identity;
        try {
            identity = AdminCodec.read(message);
        } catch (IllegalArgumentException e) {
            throw AdminErrors.failure(Status.Code.INVALID_ARGUMENT, "INVALID", String.valueOf(e.getMessage()));
        }
        if (identity.plan().member(config.node().id()).isEmpty()) {
            throw AdminErrors.refused(
                    "NOT_A_MEMBER",
                    "the members do not name node " + config.node().id());
        }
        return identity;
    }

    private Optional<ClusterIdentity> readPledge() {
        try {
            return pledge.read();
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    private static void store(DiskStep step) {
        try {
            step.run();
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    private static <T> void answer(StreamObserver<T> reply, Call<T> call) {
        T response;
        try {
            response = call.run();
        } catch (RuntimeException e) {
            reply.onError(told(e));
            return;
        }
        reply.onNext(response);
        reply.onCompleted();
    }

    /** For what takes long: the thread of the admin calls goes on to the next one meanwhile. */
    private static <T> void answerLater(StreamObserver<T> reply, Call<CompletableFuture<T>> call) {
        CompletableFuture<T> response;
        try {
            response = call.run();
        } catch (RuntimeException e) {
            reply.onError(told(e));
            return;
        }
        response.whenComplete((value, failure) -> {
            if (failure == null) {
                reply.onNext(value);
                reply.onCompleted();
            } else {
                boolean isWrapped = failure instanceof CompletionException && failure.getCause() != null;
                reply.onError(told(isWrapped ? failure.getCause() : failure));
            }
        });
    }

    private static StatusRuntimeException told(@Nullable Throwable failure) {
        if (failure instanceof StatusRuntimeException told) {
            return told;
        }
        LOG.error("An admin call broke", failure);
        return AdminErrors.failure(Status.Code.INTERNAL, "BROKEN", "the node's log tells what broke");
    }

    private static StatusRuntimeException storageFailed(IOException e) {
        LOG.error("The data directory cannot be read or written: {}", e.getMessage());
        return AdminErrors.failure(
                Status.Code.INTERNAL, "STORAGE_FAILED", "the node's disk refused: " + e.getMessage());
    }

    private interface Call<T> {
        T run();
    }

    private interface DiskStep {
        void run() throws IOException;
    }
}
