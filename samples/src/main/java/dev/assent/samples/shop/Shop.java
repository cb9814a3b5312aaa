package dev.assent.samples.shop;

import dev.assent.samples.shop.v1.ChargeRequest;
import dev.assent.samples.shop.v1.InventoryGrpc;
import dev.assent.samples.shop.v1.InventoryGrpc.InventoryBlockingStub;
import dev.assent.samples.shop.v1.OrdersGrpc;
import dev.assent.samples.shop.v1.OrdersGrpc.OrdersBlockingStub;
import dev.assent.samples.shop.v1.PaymentsGrpc;
import dev.assent.samples.shop.v1.PaymentsGrpc.PaymentsBlockingStub;
import dev.assent.samples.shop.v1.PlaceRequest;
import dev.assent.samples.shop.v1.TakeRequest;
import dev.assent.sdk.Assent;
import dev.assent.sdk.Receipt;
import io.grpc.Channel;

/** The initiator's side: one purchase is one global transaction over three services. Thread-safe. */
public final class Shop {
    private final Assent assent;
    private final OrdersBlockingStub orders;
    private final InventoryBlockingStub inventory;
    private final PaymentsBlockingStub payments;

    /** The channels lead to the three services; their calls carry the transaction of the thread that makes them. */
    public Shop(Assent assent, Channel orders, Channel inventory, Channel payments) {
        this.assent = assent;
        this.orders = OrdersGrpc.newBlockingStub(orders).withInterceptors(assent.clientInterceptor());
        this.inventory = InventoryGrpc.newBlockingStub(inventory).withInterceptors(assent.clientInterceptor());
        this.payments = PaymentsGrpc.newBlockingStub(payments).withInterceptors(assent.clientInterceptor());
    }

    /**
     * What somebody wants to buy.
     *
     * @param id names the purchase in all three databases
     * @param amountCents what it costs
     */
    public record Purchase(String id, int customer, int item, int quantity, long amountCents) {}

    /** Buys, everywhere or nowhere; what is left on the account comes back. */
    public Receipt<Long> buy(Purchase purchase) {
        return assent.transact(tx -> {
            orders.place(PlaceRequest.newBuilder()
                    .setPurchase(purchase.id())
                    .setCustomer(purchase.customer())
                    .setItem(purchase.item())
                    .setQuantity(purchase.quantity())
                    .build());
            inventory.take(TakeRequest.newBuilder()
                    .setPurchase(purchase.id())
                    .setItem(purchase.item())
                    .setQuantity(purchase.quantity())
                    .build());
            return payments.charge(ChargeRequest.newBuilder()
                            .setPurchase(purchase.id())
                            .setCustomer(purchase.customer())
                            .setAmountCents(purchase.amountCents())
                            .build())
                    .getLeftCents();
        });
    }
}
