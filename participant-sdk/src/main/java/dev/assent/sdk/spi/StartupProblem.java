package dev.assent.sdk.spi;

/**
 * A reason why a resource must not be served as it is set up. All of them are found and shown at once.
 *
 * @param text what was found, with the name of the resource
 * @param danger what could happen to a transaction if it were ignored
 * @param fix what to do about it
 */
public record StartupProblem(String text, String danger, String fix) {
    @Override
    public String toString() {
        return text + " " + danger + " " + fix;
    }
}
