package dev.assent.protocol.coordinator;

/**
 * Names one request, so that its answer finds the way back.
 *
 * @param origin made by the shell; an instance's incarnation for requests of its stream, empty for unary calls
 * @param number made by the requester, or by the shell for unary calls
 */
public record RequestId(String origin, long number) {
    @Override
    public String toString() {
        return origin + "#" + number;
    }
}
