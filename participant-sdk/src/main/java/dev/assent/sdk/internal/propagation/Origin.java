package dev.assent.sdk.internal.propagation;

import java.util.Set;

/** Where the application asked for something, so that a text can name what has no name. */
public final class Origin {
    private static final String INTERNAL = "dev.assent.sdk.internal.";
    private static final Set<String> DOORS =
            Set.of("dev.assent.sdk.Assent", "dev.assent.sdk.AsyncTransactions", "dev.assent.sdk.GlobalTransaction");
    private static final StackWalker STACK = StackWalker.getInstance();

    private Origin() {}

    /** The code that called the SDK, as {@code Checkout.place(Checkout.java:42)}. */
    public static String ofCaller() {
        return STACK.walk(frames -> frames.filter(frame -> !isLibrary(frame))
                .findFirst()
                .map(Origin::text)
                .orElse("an unknown place"));
    }

    /** The code that made a call: what lies behind gRPC and its generated stubs. */
    static String ofCall() {
        return STACK.walk(frames -> frames.filter(frame -> !isLibrary(frame) && !isStub(frame))
                .findFirst()
                .map(Origin::text)
                .orElse("an unknown place"));
    }

    private static boolean isStub(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return name.startsWith("io.grpc.") || name.contains("Grpc$");
    }

    private static boolean isLibrary(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return name.startsWith("java.") || name.startsWith(INTERNAL) || DOORS.contains(name);
    }

    private static String text(StackWalker.StackFrame frame) {
        String name = frame.getClassName();
        return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                + frame.getLineNumber() + ")";
    }
}
