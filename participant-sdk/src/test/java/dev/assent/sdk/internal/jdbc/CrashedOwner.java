package dev.assent.sdk.internal.jdbc;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that prepares two branches and waits for its death. */
public final class CrashedOwner {
    private CrashedOwner() {}

    /**
     * @param arguments the database's directory
     */
    @SuppressWarnings("SystemOut") // the parent reads it
    public static void main(String[] arguments) throws Exception {
        Bench bench = new Bench(Path.of(arguments[0])).withAccounts();
        bench.prepared(1, 50);
        bench.prepared(2, 50);
        System.out.println("PREPARED");
        new CountDownLatch(1).await();
    }
}
