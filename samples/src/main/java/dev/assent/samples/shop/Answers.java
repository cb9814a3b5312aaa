package dev.assent.samples.shop;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.sql.SQLException;

/** Answers a call with what some JDBC code returned, or with its error. */
final class Answers {
    private Answers() {}

    /** JDBC code of one call. */
    interface Work<T> {
        T run() throws SQLException, Refusal;
    }

    /** A business rule says no. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String why) {
            super(why);
        }
    }

    static <T> void answer(StreamObserver<T> caller, Work<T> work) {
        T response;
        try {
            response = work.run();
        } catch (Refusal e) {
            caller.onError(
                    Status.FAILED_PRECONDITION.withDescription(e.getMessage()).asRuntimeException());
            return;
        } catch (SQLException e) {
            caller.onError(
                    Status.ABORTED.withDescription(e.getMessage()).withCause(e).asRuntimeException());
            return;
        }
        caller.onNext(response);
        caller.onCompleted();
    }
}
