package dev.assent.it;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A gRPC service of one method, text to text, without generated code. */
final class TextCall {
    private static final String SERVICE = "test.Text";
    private static final MethodDescriptor<String, String> SAY = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Say"))
            .setRequestMarshaller(new Utf8())
            .setResponseMarshaller(new Utf8())
            .build();

    private TextCall() {}

    /** What a server does with a text. */
    interface Handler {
        String answer(String text) throws Exception;
    }

    static ServerServiceDefinition service(Handler handler) {
        return ServerServiceDefinition.builder(SERVICE)
                .addMethod(SAY, ServerCalls.asyncUnaryCall((request, caller) -> {
                    String answer;
                    try {
                        answer = handler.answer(request);
                    } catch (Exception e) {
                        caller.onError(Status.ABORTED
                                .withDescription(String.valueOf(e.getMessage()))
                                .withCause(e)
                                .asRuntimeException());
                        return;
                    }
                    caller.onNext(answer);
                    caller.onCompleted();
                }))
                .build();
    }

    /** Ends a service and a channel to it. */
    static void stop(ManagedChannel channel, Server server) {
        channel.shutdownNow();
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws io.grpc.StatusRuntimeException if the call fails, or is not answered within 30 s */
    static String say(Channel channel, String text) {
        return say(channel, text, 30);
    }

    /** @throws io.grpc.StatusRuntimeException if the call fails, or is not answered within that time */
    static String say(Channel channel, String text, long patienceSeconds) {
        CallOptions bounded = CallOptions.DEFAULT.withDeadlineAfter(patienceSeconds, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, SAY, bounded, text);
    }

    private static final class Utf8 implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
