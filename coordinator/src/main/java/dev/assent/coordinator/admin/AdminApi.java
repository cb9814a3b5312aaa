package dev.assent.coordinator.admin;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.assent.cli.Software;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.proto.v1.AdminServiceGrpc;
import dev.assent.proto.v1.CompleteBirthRequest;
import dev.assent.proto.v1.CompleteBirthResponse;
import dev.assent.proto.v1.GetNodeRequest;
import dev.assent.proto.v1.GetNodeResponse;
import dev.assent.proto.v1.GetStatusRequest;
import dev.assent.proto.v1.GetStatusResponse;
import dev.assent.proto.v1.PledgeBirthRequest;
import dev.assent.proto.v1.PledgeBirthResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's admin calls; served from its start, also before it is born. Thread-safe. Births block the calling thread
 * until the disk has them, so do not serve this on an event loop.
 */
public final class AdminApi extends AdminServiceGrpc.AdminServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);
    private static final String DOMAIN = "assent.dev";

    private final NodeConfig config;
    private final NodeControl control;
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
                    throw refused(
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
                    throw refused("NOT_PLEDGED", "the node has not pledged itself to " + asked.id());
                }
                store(() -> control.birth(promised.get()));
                store(pledge::remove);
            }
            LOG.info("Born into {}", asked.id());
            return CompleteBirthResponse.getDefaultInstance();
        });
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> reply) {
        answer(reply, () -> {
            ClusterIdentity identity =
                    control.identity().orElseThrow(() -> refused("NOT_BORN", "the node is not part of a cluster yet"));
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
            throw refused("BORN_OTHERWISE", "the node belongs to " + born.get().id());
        }
        return born.isPresent();
    }

    private ClusterIdentity read(dev.assent.proto.v1.ClusterIdentity message) {
        ClusterIdentity identity;
        try {
            identity = AdminCodec.read(message);
        } catch (IllegalArgumentException e) {
            throw failure(Status.Code.INVALID_ARGUMENT, "INVALID", String.valueOf(e.getMessage()));
        }
        if (identity.plan().member(config.node().id()).isEmpty()) {
            throw refused(
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
        } catch (StatusRuntimeException e) {
            reply.onError(e);
            return;
        } catch (RuntimeException e) {
            LOG.error("An admin call broke", e);
            reply.onError(failure(Status.Code.INTERNAL, "BROKEN", "the node's log tells what broke"));
            return;
        }
        reply.onNext(response);
        reply.onCompleted();
    }

    private static StatusRuntimeException storageFailed(IOException e) {
        LOG.error("The data directory cannot be read or written: {}", e.getMessage());
        return failure(Status.Code.INTERNAL, "STORAGE_FAILED", "the node's disk refused: " + e.getMessage());
    }

    private static StatusRuntimeException refused(String reason, String text) {
        return failure(Status.Code.FAILED_PRECONDITION, reason, text);
    }

    private static StatusRuntimeException failure(Status.Code code, String reason, String text) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(text)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(reason)
                        .build()))
                .build());
    }

    private interface Call<T> {
        T run();
    }

    private interface DiskStep {
        void run() throws IOException;
    }
}
