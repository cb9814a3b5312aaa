package dev.assent.sdk.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method runs in a global transaction, when it is called through {@code Assent.proxy}: it commits when the method
 * returns and rolls back on any exception, which comes out as it is.
 *
 * <pre>{@code
 * interface Checkout {
 *     @GlobalTransactional(timeout = "10s")
 *     Charge place(Order order) throws SoldOutException;
 * }
 *
 * Checkout checkout = assent.proxy(Checkout.class, new ShopCheckout(orders, payments));
 * }</pre>
 *
 * <p>On a method of the interface, or on the method of the class that implements it. A method that returns a {@link
 * java.util.concurrent.CompletionStage} commits when the stage completes and rolls back when it fails. Calls of the object
 * to itself do not pass the proxy.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface GlobalTransactional {
    /**
     * How long the transaction may take until its commit is decided: a whole number and a unit (ms, s, min), from 10ms to
     * 10min. Says nothing about a transaction that is joined.
     */
    String timeout() default "30s";

    /** What the method makes of a transaction that it is called in. */
    Propagation propagation() default Propagation.REQUIRED;

    /** When the method returns. */
    AnswerWhen answer() default AnswerWhen.APPLIED;

    /**
     * Whether each call of the method, if it ends well, is the transaction's last one that uses the resources which it uses in
     * this process: their branches then vote at once, and the commit has nothing to wait for but its own record. A further
     * call that uses them fails and forbids the commit. Does nothing outside a transaction.
     */
    boolean lastCall() default false;
}
