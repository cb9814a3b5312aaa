package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.assent.sdk.annotation.Propagation;
import dev.assent.sdk.internal.propagation.UncarriedCalls;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Calls that leave a transaction by a channel that nobody gave the SDK's interceptor. */
class UncarriedCallsTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(UncarriedCalls.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final FakeCluster cluster = new FakeCluster();
    private TestService shop;
    private TestService stock;

    @BeforeEach
    void start() throws Exception {
        said.start();
        logger.addAppender(said);
        // Channels are watched from the first process on that is started in development.
        shop = new TestService("shop", cluster, (self, text) -> text);
        stock = new TestService("stock", cluster, (self, text) -> text);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(said);
        shop.close();
        stock.close();
        cluster.close();
    }

    private List<String> warnings() {
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    // Without it: a forgotten interceptor is found when the first transaction aborts and half of it stays.
    @Test
    void uncarriedCallIsWarnedOfOncePerPlace() throws Exception {
        for (int i = 0; i < 3; i++) {
            shop.assent.run(tx ->
                    ClientCalls.blockingUnaryCall(stock.plainChannel(), EchoService.SAY, CallOptions.DEFAULT, "lost"));
        }
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("test.Echo/Say")
                .contains("UncarriedCallsTest")
                .contains("assent.clientInterceptor()");

        shop.assent.run(tx -> ClientCalls.blockingUnaryCall(
                stock.plainChannel(), EchoService.SAY, CallOptions.DEFAULT, "lost at another place"));
        assertThat(warnings()).hasSize(2);
    }

    @Test
    void nothingIsSaidOfCallsThatCarryOrThatAreOutside() throws Exception {
        EchoService.say(stock.plainChannel(), "outside");
        shop.assent.run(tx -> {
            EchoService.say(stock.channel(shop.assent), "carried");
            shop.assent.run(
                    TransactionOptions.propagation(Propagation.NOT_SUPPORTED),
                    none -> EchoService.say(stock.plainChannel(), "suspended"));
        });
        assertThat(warnings()).isEmpty();
    }
}
