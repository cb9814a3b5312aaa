package dev.assent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which version of Assent this is. */
public final class Software {
    /** As in the build, such as {@code 0.1.0-SNAPSHOT}. */
    public static final String VERSION = read();

    private Software() {}

    private static String read() {
        try (InputStream in = Software.class.getResourceAsStream("software.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version from the class path", e);
        }
    }
}
