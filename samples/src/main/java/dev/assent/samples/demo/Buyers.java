package dev.assent.samples.demo;

import dev.assent.samples.demo.Told.Verdict;
import dev.assent.samples.shop.Shop;
import dev.assent.samples.shop.Shop.Purchase;
import dev.assent.samples.shop.ShopDatabase;
import dev.assent.sdk.CoordinatorUnavailableException;
import dev.assent.sdk.OutcomeUnknownException;
import dev.assent.sdk.Receipt;
import dev.assent.sdk.TransactionAbortedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Buyers, each a thread that buys one thing after another and writes down what it was told. */
final class Buyers {
    /** A buyer who finds a service closed comes back after so long. */
    private static final long COME_BACK_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Shop shop;
    private final int purchases;
    private final Random random;
    private final AtomicInteger begun = new AtomicInteger();
    private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    Buyers(Shop shop, int purchases, long seed) {
        this.shop = shop;
        this.purchases = purchases;
        this.random = new Random(seed);
    }

    void start(int buyers) {
        for (int i = 0; i < buyers; i++) {
            Thread thread = new Thread(this::buyOnAndOn, "buyer-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    boolean areDone() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    List<Told> told() {
        return List.copyOf(told);
    }

    private void buyOnAndOn() {
        for (int number = begun.getAndIncrement(); number < purchases; number = begun.getAndIncrement()) {
            Purchase purchase = draw(number);
            long startNanos = System.nanoTime();
            Told outcome = buy(purchase, startNanos);
            told.add(outcome);
            if (outcome.why().startsWith("UNAVAILABLE")) {
                LockSupport.parkNanos(COME_BACK_NANOS);
            }
        }
    }

    private Purchase draw(int number) {
        synchronized (random) {
            return new Purchase(
                    "purchase-" + number,
                    random.nextInt(ShopDatabase.CUSTOMERS),
                    random.nextInt(ShopDatabase.ITEMS),
                    1 + random.nextInt(5),
                    100 + random.nextInt(15_000));
        }
    }

    private Told buy(Purchase purchase, long startNanos) {
        try {
            Receipt<Long> receipt = shop.buy(purchase);
            return told(purchase, Verdict.COMMITTED, Optional.of(receipt.xid()), "", startNanos);
        } catch (OutcomeUnknownException e) {
            return told(purchase, Verdict.UNKNOWN, Optional.of(e.xid()), text(e), startNanos);
        } catch (TransactionAbortedException e) {
            return told(purchase, Verdict.ABORTED, Optional.of(e.xid()), text(e), startNanos);
        } catch (CoordinatorUnavailableException e) {
            return told(purchase, Verdict.ABORTED, Optional.empty(), "UNAVAILABLE coordinator", startNanos);
        } catch (StatusRuntimeException e) {
            Status status = e.getStatus();
            return told(
                    purchase,
                    Verdict.ABORTED,
                    Optional.empty(),
                    status.getCode() + " " + status.getDescription(),
                    startNanos);
        }
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static Told told(
            Purchase purchase, Verdict verdict, Optional<dev.assent.protocol.Xid> xid, String why, long startNanos) {
        return new Told(purchase, verdict, xid, why, System.nanoTime() - startNanos);
    }
}
