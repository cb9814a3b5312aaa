package dev.assent.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What keeps the core pure: it can be run under virtual time, forked and compared only as long as these hold. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.assent.protocol");

    @Test
    void knowsNobodyButItselfAndJava() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.assent.protocol..",
                        "java.lang..",
                        "java.util",
                        "java.util.function",
                        "java.util.regex",
                        "java.util.stream",
                        "java.time",
                        "java.nio.charset",
                        "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void packagesDependOnEachOtherInOneDirection() {
        slices().matching("dev.assent.(protocol..)").should().beFreeOfCycles().check(CORE);
    }

    /** Their order of iteration changes between JVM starts: two replicas would want different things. */
    @Test
    void usesNoCollectionWithoutAnOrder() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        HashMap.class, HashSet.class, java.util.IdentityHashMap.class, java.util.WeakHashMap.class)
                .check(CORE);
        for (Class<?> unordered : List.of(Map.class, Set.class)) {
            noClasses()
                    .should()
                    .callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                                    com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                            com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo(
                                                    unordered)))
                            .and(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                                    com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                                            "of|ofEntries|copyOf"))))
                    .check(CORE);
        }
        noClasses().should().callMethod(Collectors.class, "toSet").check(CORE);
        noClasses()
                .should()
                .callMethod(
                        Collectors.class, "toMap", java.util.function.Function.class, java.util.function.Function.class)
                .check(CORE);
        noClasses()
                .should()
                .callMethod(Collectors.class, "groupingBy", java.util.function.Function.class)
                .check(CORE);
    }

    /** Time is a parameter, chance is the seed of whoever drives the core, threads are the shell's. */
    @Test
    void hasNoClockChanceOrThread() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Random.class,
                        SplittableRandom.class,
                        ThreadLocalRandom.class,
                        UUID.class,
                        Thread.class,
                        java.util.Timer.class,
                        java.time.Clock.class)
                .check(CORE);
        noClasses().should().callMethod(System.class, "nanoTime").check(CORE);
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(CORE);
        noClasses().should().callMethod(Math.class, "random").check(CORE);
        noClasses()
                .should()
                .callMethod(System.class, "identityHashCode", Object.class)
                .check(CORE);
        noClasses().should().callMethod(java.time.Instant.class, "now").check(CORE);
        noClasses().should().callMethod(Collection.class, "parallelStream").check(CORE);
    }
}
