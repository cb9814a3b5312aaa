package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.replication.ChangeRefusedException;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.message.Answer;
import dev.assent.sdk.AssentException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page of errors names every reason that programs can go by, and no other. */
class ErrorsReferenceTest {
    private static final Path ROOT = Path.of("..");

    /** A reason where it is made: as a constant's text, or as a constant of an enum. */
    private static final Pattern REASON =
            Pattern.compile("\"([A-Z][A-Z_]{3,})\"|^    ([A-Z][A-Z_]{3,})\\(", Pattern.MULTILINE);

    private static final Pattern NAMED = Pattern.compile("`([A-Z][A-Z_]{3,})`");

    private static String page = "";

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/reference/errors.md"));
    }

    @Test
    void namesEveryReasonAndNoOther() {
        Set<String> reasons = new TreeSet<>();
        Arrays.stream(AbortCause.Kind.values()).map(Enum::name).forEach(reasons::add);
        Arrays.stream(Answer.Reason.values()).map(Enum::name).forEach(reasons::add);
        Arrays.stream(ChangeRefusedException.Reason.values()).map(Enum::name).forEach(reasons::add);
        reasons.addAll(reasonsIn("coordinator/src/main/java/dev/assent/coordinator/api/RpcErrors.java"));
        reasons.addAll(reasonsIn("coordinator/src/main/java/dev/assent/coordinator/admin/AdminApi.java"));
        reasons.addAll(reasonsIn("coordinator/src/main/java/dev/assent/coordinator/session"));
        reasons.addAll(reasonsIn("participant-sdk/src/main/java/dev/assent/sdk/internal/propagation/CallRefusal.java"));

        assertThat(named()).isEqualTo(reasons);
    }

    @Test
    void namesEveryExceptionOfTheSdk() {
        Path api = ROOT.resolve("participant-sdk/src/main/java/dev/assent/sdk");
        Set<String> types = sources("participant-sdk/src/main/java/dev/assent/sdk")
                .filter(file -> api.equals(file.getParent()))
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .filter(name -> name.endsWith("Exception"))
                .filter(name -> !name.equals(AssentException.class.getSimpleName()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(types).isNotEmpty().allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
    }

    private static Set<String> named() {
        Set<String> named = new TreeSet<>();
        Matcher matcher = NAMED.matcher(page);
        while (matcher.find()) {
            named.add(matcher.group(1));
        }
        return named;
    }

    private static Set<String> reasonsIn(String path) {
        return sources(path)
                .flatMap(file -> REASON.matcher(read(file)).results())
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .collect(Collectors.toSet());
    }

    private static Stream<Path> sources(String path) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(path))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
