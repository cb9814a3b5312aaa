package dev.assent.simulation.planted;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.DiagnosticCollector;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The production cores with a bug in them, and everything that drives them, in a class loader of their own. Only the files
 * that were changed are compiled again; a patch must not change what other files were compiled against.
 */
final class PatchedCores extends ClassLoader {
    private static final List<String> OWN = List.of("dev.assent.protocol.", "dev.assent.simulation.");

    /** Files of the simulator's model of the drivers, for bugs of what no core decides. */
    private static final String MODEL = "simulation/";

    private final Map<String, byte[]> changed;

    private PatchedCores(ClassLoader parent, Map<String, byte[]> changed) {
        super(parent);
        this.changed = Map.copyOf(changed);
    }

    /**
     * @throws IllegalStateException if the text to find is gone from the sources or occurs more than once, or if the
     *     changed source does not compile: the bug has to be planted anew
     */
    static PatchedCores of(PlantedBug bug) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (PlantedBug.Patch patch : bug.patches()) {
            String before = sources.computeIfAbsent(patch.file(), PatchedCores::source);
            int at = before.indexOf(patch.find());
            if (at < 0 || before.indexOf(patch.find(), at + 1) >= 0) {
                throw new IllegalStateException(
                        bug.name() + ": " + patch.file() + " must hold exactly once:\n" + patch.find());
            }
            sources.put(
                    patch.file(),
                    before.substring(0, at)
                            + patch.replace()
                            + before.substring(at + patch.find().length()));
        }
        return new PatchedCores(PatchedCores.class.getClassLoader(), compile(bug, sources));
    }

    private static String source(String file) {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path sources = Path.of("src/main/java/dev/assent");
        Path path = file.startsWith(MODEL)
                ? module.resolve(sources).resolve(file)
                : module.resolveSibling("protocol")
                        .resolve(sources)
                        .resolve("protocol")
                        .resolve(file);
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new IllegalStateException("the sources of the cores are needed beside this module: " + path, e);
        }
    }

    private static Map<String, byte[]> compile(PlantedBug bug, Map<String, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("planted bugs are compiled: a JDK is needed, not only a runtime");
        }
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null);
                InMemory files = new InMemory(standard)) {
            List<JavaFileObject> units = new ArrayList<>();
            sources.forEach((file, text) -> units.add(new Source(file, text)));
            List<String> options = List.of("-proc:none", "-nowarn", "-implicit:none", "-cp", classPath());
            if (!compiler.getTask(null, files, problems, options, null, units).call()) {
                throw new IllegalStateException(bug.name() + " does not compile: " + problems.getDiagnostics());
            }
            Map<String, byte[]> classes = new TreeMap<>();
            files.outputs.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String classPath() {
        return pathOf(dev.assent.protocol.Xid.class)
                + java.io.File.pathSeparator
                + pathOf(dev.assent.simulation.Simulation.class)
                + java.io.File.pathSeparator
                + pathOf(org.jspecify.annotations.NullMarked.class);
    }

    private static String pathOf(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = OWN.stream().anyMatch(name::startsWith) ? findClass(name) : super.loadClass(name, false);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///dev/assent/protocol/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        final Map<String, ByteArrayOutputStream> outputs = new TreeMap<>();

        InMemory(StandardJavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject of) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return outputs.computeIfAbsent(name, unused -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
