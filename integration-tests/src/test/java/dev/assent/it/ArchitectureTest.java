package dev.assent.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom, over the main classes of all modules. */
class ArchitectureTest {
    /** Every class outside the protocols that owns time, threads or chance, and why it must. */
    private static final Map<String, String> SHELLS = new TreeMap<>(Map.ofEntries(
            Map.entry("dev.assent.cli.Progress", "draws at most so often"),
            Map.entry("dev.assent.coordinator.BornNode", "draws the identity of a loop's life"),
            Map.entry("dev.assent.coordinator.ClientServer", "gives admin calls a thread of their own"),
            Map.entry("dev.assent.coordinator.CoordinatorNode", "stops a failed node beside the thread that failed"),
            Map.entry("dev.assent.coordinator.admin.ClusterBirth", "draws a cluster's incarnation"),
            Map.entry("dev.assent.coordinator.cli.DevCommand", "stops with the process"),
            Map.entry("dev.assent.coordinator.cli.ServerCommand", "stops with the process"),
            Map.entry("dev.assent.coordinator.cli.DevCluster", "waits for a leader, with a deadline"),
            Map.entry("dev.assent.coordinator.fault.ProcessDeath", "a planned delay"),
            Map.entry("dev.assent.coordinator.replication.RaftNode", "waits for Raft off the shard's thread"),
            Map.entry("dev.assent.coordinator.session.ParticipantSessions", "the clock and timer of session leases"),
            Map.entry("dev.assent.coordinator.shard.Clocks", "the clocks of all shards"),
            Map.entry("dev.assent.coordinator.shard.ShardLoop", "the shard's one thread"),
            Map.entry("dev.assent.sdk.Wiring", "the process's timer and its random incarnation"),
            Map.entry("dev.assent.sdk.internal.branch.JdbcBranchDatabase", "a branch's deadline on the local clock"),
            Map.entry("dev.assent.sdk.internal.fault.ProcessDeath", "a planned delay"),
            Map.entry("dev.assent.sdk.internal.jdbc.H2Opening", "a random token for each opening of a database"),
            Map.entry("dev.assent.sdk.internal.jdbc.StatementLimits", "what is left of a statement's time"),
            Map.entry("dev.assent.sdk.internal.propagation.TransactionScope", "what is left of a transaction's time"),
            Map.entry("dev.assent.sdk.internal.session.Channels", "the sessions' timer thread"),
            Map.entry("dev.assent.sdk.internal.session.NodeLink", "back-off between dials, with jitter"),
            Map.entry("dev.assent.sdk.internal.session.NodeStream", "sends something every so often"),
            Map.entry("dev.assent.sdk.internal.shell.Callbacks", "the threads of the application's callbacks"),
            Map.entry("dev.assent.sdk.internal.shell.MonotonicClock", "the clock of the process's cores"),
            Map.entry("dev.assent.sdk.internal.shell.SerialSteps", "the process's worker threads"),
            Map.entry("dev.assent.samples.demo.Buyers", "buyers are threads that draw what they buy"),
            Map.entry("dev.assent.samples.demo.Demo", "says how long it took"),
            Map.entry("dev.assent.samples.shop.ShopProcess", "stops with the process"),
            Map.entry("dev.assent.testkit.Await", "waits for a condition, with a deadline"),
            Map.entry("dev.assent.testkit.ChildJvm", "ends children with their parent"),
            Map.entry("dev.assent.testkit.CrashPlan", "kills a node beside the thread that reached the point")));

    /** The one class per module that knows how gRPC moves bytes. */
    private static final Map<String, String> TRANSPORTS = Map.of(
            "dev.assent.coordinator.ClientServer", "the node's server",
            "dev.assent.samples.shop.ShopProcess", "the sample's server",
            "dev.assent.sdk.internal.session.Channels", "the process's way to the nodes");

    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.util.Random",
            "java.security.SecureRandom",
            "java.util.SplittableRandom",
            "java.util.concurrent.ThreadLocalRandom");

    private static final Set<String> CLOCK_CALLS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Math.random",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.util.UUID.randomUUID");

    private static JavaClasses main;

    @BeforeAll
    static void read() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("/proto/target/"))
                .importPackages("dev.assent");
        Assertions.assertThat(main.contain("dev.assent.protocol.Xid")).isTrue();
        Assertions.assertThat(main.contain("dev.assent.samples.demo.Demo")).isTrue();
    }

    @Test
    void onlyReplicationKnowsRaft() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.assent.coordinator.replication..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.ratis..")
                .check(main);
    }

    @Test
    void callsNeverTouchTheLog() {
        noClasses()
                .that()
                .resideInAPackage("dev.assent.coordinator.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.assent.coordinator.replication..")
                .check(main);
    }

    @Test
    void coordinatorAndSdkDoNotKnowEachOther() {
        mayNotKnow("dev.assent.coordinator..", "dev.assent.sdk..").check(main);
        mayNotKnow("dev.assent.sdk..", "dev.assent.coordinator..").check(main);
    }

    @Test
    void nobodyDependsOnWhatIsMadeForTests() {
        mayNotKnow("dev.assent.coordinator..", "dev.assent.testkit..").check(main);
        mayNotKnow("dev.assent.sdk..", "dev.assent.testkit..").check(main);
        mayNotKnow("dev.assent.samples.shop..", "dev.assent.testkit..").check(main);
    }

    private static ArchRule mayNotKnow(String who, String whom) {
        return noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(whom);
    }

    @Test
    void protocolsArePure() {
        classes()
                .that()
                .resideInAPackage("dev.assent.protocol..")
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                                "dev.assent.protocol..",
                                "java.lang..",
                                "java.util..",
                                "java.nio.charset",
                                "org.jspecify..")
                        .or(JavaClass.Predicates.equivalentTo(Duration.class)))
                .check(main);
        noClasses()
                .that()
                .resideInAPackage("dev.assent.protocol..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(HashMap|HashSet|IdentityHashMap|WeakHashMap|Random|concurrent\\..*)")
                .because("iteration order, chance and threads would make two replicas differ")
                .check(main);
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol", "coordinator", "sdk", "cli", "testkit", "samples"})
    void packagesOfAModuleFormNoCycle(String module) {
        String root = "dev.assent." + module;
        SlicesRuleDefinition.slices()
                .assignedFrom(new Packages(root))
                .should()
                .beFreeOfCycles()
                .check(main);
    }

    private record Packages(String root) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            return name.equals(root) || name.startsWith(root + ".")
                    ? SliceIdentifier.of(name)
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of " + root;
        }
    }

    @Test
    void onlyShellsOwnTimeThreadsAndChance() {
        noClasses()
                .that(new NotAmong(SHELLS.keySet()))
                .should()
                .accessTargetWhere(new OwnsTimeThreadsOrChance())
                .check(main);
    }

    @Test
    void everyListedShellStillNeedsIt() {
        Set<String> needing = main.stream()
                .filter(each -> each.getAccessesFromSelf().stream().anyMatch(new OwnsTimeThreadsOrChance()))
                .map(ArchitectureTest::outermost)
                .collect(Collectors.toCollection(TreeSet::new));
        Assertions.assertThat(needing).containsAll(SHELLS.keySet());
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(main);
    }

    @Test
    void oneClassPerModuleKnowsTheTransport() {
        noClasses()
                .that(new NotAmong(TRANSPORTS.keySet()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc.netty..", "io.netty..")
                .check(main);
    }

    private static String outermost(JavaClass javaClass) {
        String name = javaClass.getName();
        int inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }

    private static final class NotAmong extends DescribedPredicate<JavaClass> {
        private final Set<String> listed;

        NotAmong(Set<String> listed) {
            super("are not among the listed ones");
            this.listed = Set.copyOf(listed);
        }

        @Override
        public boolean test(JavaClass javaClass) {
            return !listed.contains(outermost(javaClass));
        }
    }

    private static final class OwnsTimeThreadsOrChance extends DescribedPredicate<JavaAccess<?>> {
        OwnsTimeThreadsOrChance() {
            super("it reads a clock, makes a thread or draws lots");
        }

        @Override
        public boolean test(JavaAccess<?> access) {
            AccessTarget target = access.getTarget();
            String owner = target.getOwner().getName();
            boolean makesThread =
                    owner.equals("java.lang.Thread") && target.getName().equals("<init>");
            boolean readsInstant =
                    owner.startsWith("java.time.") && target.getName().equals("now");
            return makesThread
                    || readsInstant
                    || CLOCKS_AND_CHANCE.contains(owner)
                    || CLOCK_CALLS.contains(owner + "." + target.getName());
        }
    }
}
