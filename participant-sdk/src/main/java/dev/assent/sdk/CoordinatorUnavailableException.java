package dev.assent.sdk;

import org.jspecify.annotations.Nullable;

/** No coordinator could be reached, or none led, within the time given: nothing was begun, and trying later is safe. */
public final class CoordinatorUnavailableException extends AssentException {
    private static final long serialVersionUID = 1L;

    CoordinatorUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
