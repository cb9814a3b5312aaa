/**
 * What initiators and participants embed: one {@link dev.assent.sdk.Assent} per process, whatever roles it plays.
 *
 * <p>An initiator begins a global transaction, calls services through stubs with {@link
 * dev.assent.sdk.Assent#clientInterceptor()}, and commits by returning:
 *
 * <pre>{@code
 * try (Assent assent = Assent.connect("localhost:7101,localhost:7102,localhost:7103")) {
 *     Channel intercepted = ClientInterceptors.intercept(channel, assent.clientInterceptor());
 *     PaymentsBlockingStub payments = PaymentsGrpc.newBlockingStub(intercepted);
 *     Receipt<Charge> receipt = assent.transact(tx -> payments.charge(order));
 *     log.info("charged {} in {}", receipt.value(), receipt.xid());
 * }
 * }</pre>
 *
 * <p>A participant serves resources. Inside a call that belongs to a global transaction, connections of its data source
 * are branches of that transaction; outside they are the pool's:
 *
 * <pre>{@code
 * Assent assent = Assent.builder("payments")
 *     .coordinators("localhost:7101,localhost:7102,localhost:7103")
 *     .resource("payments-db", hikariDataSource)
 *     .start();
 * PaymentsService service = new PaymentsService(assent.dataSource("payments-db"));
 * Server server = Grpc.newServerBuilderForPort(8080, credentials)
 *     .addService(service)
 *     .intercept(assent.serverInterceptor())
 *     .build()
 *     .start();
 * }</pre>
 *
 * <p>Every failure of a transaction is one of four, told apart by type: {@link
 * dev.assent.sdk.TransactionAbortedException} (nothing happened), {@link dev.assent.sdk.OutcomeUnknownException} (ask
 * again), {@link dev.assent.sdk.HeuristicOutcomeException} (somebody decided by hand) and {@link
 * dev.assent.sdk.CoordinatorUnavailableException} (nothing was begun). An exception of the application's own code is
 * thrown as it is, with the abort among its suppressed ones.
 *
 * <p>What is promised is atomicity, not a global snapshot: between the commits of two branches a reader of both databases
 * may see one and not the other.
 */
@NullMarked
package dev.assent.sdk;

import org.jspecify.annotations.NullMarked;
