package dev.swarm.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The arrows between modules and packages, and the few places that touch time, chance and threads.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("swarm-proto"))
          .withImportOption(location -> !location.contains("/proto/target/"))
          .importPackages(
              "dev.swarm.core",
              "dev.swarm.host",
              "dev.swarm.manager",
              "dev.swarm.worker",
              "dev.swarm.cli");

  /** Packages of core, and those among them that each may use besides itself. */
  private static final Map<String, Set<String>> CORE =
      Map.ofEntries(
          Map.entry("constraint", Set.of()),
          Map.entry("spec", Set.of("constraint")),
          Map.entry("model", Set.of("constraint", "spec")),
          Map.entry("port", Set.of()),
          Map.entry("sim", Set.of("port")),
          Map.entry("store", Set.of("model", "spec")),
          Map.entry("network", Set.of("model", "spec", "store")),
          Map.entry("kernel", Set.of("model", "network", "store")),
          Map.entry("plan", Set.of("model", "port", "store")),
          Map.entry("wire", Set.of("model", "spec")),
          Map.entry("codec", Set.of("model", "store", "wire")),
          Map.entry("allocator", Set.of("model", "net", "plan", "port", "spec", "store")),
          Map.entry("placement", Set.of("allocator", "constraint", "model", "spec", "store")),
          Map.entry(
              "scheduler",
              Set.of("allocator", "constraint", "model", "placement", "plan", "spec", "store")),
          Map.entry(
              "orchestrator",
              Set.of("allocator", "constraint", "model", "placement", "plan", "spec", "store")),
          Map.entry(
              "control",
              Set.of(
                  "allocator",
                  "constraint",
                  "docker",
                  "model",
                  "net",
                  "pki",
                  "plan",
                  "port",
                  "spec",
                  "store",
                  "template",
                  "wire")),
          Map.entry(
              "loop",
              Set.of(
                  "allocator",
                  "codec",
                  "model",
                  "orchestrator",
                  "plan",
                  "port",
                  "retry",
                  "scheduler",
                  "store")),
          Map.entry("template", Set.of()),
          Map.entry("docker", Set.of()),
          Map.entry("net", Set.of()),
          Map.entry("retry", Set.of()),
          Map.entry("text", Set.of()),
          Map.entry("pki", Set.of("port")));

  /** A package for each kind of object in core's control, and those that it may use besides. */
  private static final Map<String, Set<String>> CONTROL =
      Map.of(
          "service", Set.of("task"),
          "task", Set.of(),
          "node", Set.of("cluster"),
          "cluster", Set.of(),
          "network", Set.of(),
          "secret", Set.of(),
          "config", Set.of());

  /** What is on the client's class path: the program but the node's half. */
  private static final String[] LIGHT = {
    "dev.swarm.cli", "dev.swarm.cli.client..", "dev.swarm.cli.http..", "dev.swarm.cli.terminal.."
  };

  /**
   * The adapters of the ports for time, chance and threads, and the composition roots. Whoever else
   * wants one of those is given it.
   */
  private static final List<String> FREE =
      List.of(
          // adapters
          "dev.swarm.host.SystemClock",
          "dev.swarm.host.ThreadEventLoop",
          "dev.swarm.manager.raft.ApplyLoop", // the log's one thread
          "dev.swarm.manager.raft.RaftExecutors", // the Raft library's threads
          "dev.swarm.worker.engine.docker.DockerEngine", // blocking calls of the engine's client
          "dev.swarm.worker.engine.docker.EngineApi", // a call that hangs is broken off
          "dev.swarm.worker.engine.process.ProcessEngine", // waits for processes
          "dev.swarm.cli.terminal.Sleeper", // a terminal's clock
          "dev.swarm.cli.client.command.Interrupt", // a shutdown hook
          // composition roots
          "dev.swarm.manager.Manager",
          "dev.swarm.worker.Worker",
          "dev.swarm.cli.node.daemon.Daemon",
          "dev.swarm.cli.node.daemon.Membership",
          "dev.swarm.cli.node.daemon.SwarmNode",
          "dev.swarm.cli.node.demo.Demo",
          "dev.swarm.cli.node.demo.WebServer");

  @Test
  void coreKnowsNoSocketsFilesThreadsOrGrpc() {
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..",
            "io.netty..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.concurrent.locks..",
            "org.apache.ratis..",
            "org.slf4j..")
        .because("core decides, and leaves it to others to act")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.core..")
        .and()
        .resideOutsideOfPackage("dev.swarm.core.pki")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.net.Socket")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.File")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.net..", "org.bouncycastle..")
        .because("only the certificates' checks are handed the socket they are for")
        .check(CLASSES);
  }

  @Test
  void managerAndWorkerMeetOnlyOnTheWire() {
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.swarm.host..", "dev.swarm.manager..", "dev.swarm.worker..", "dev.swarm.cli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.host..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.swarm.manager..", "dev.swarm.worker..", "dev.swarm.cli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.manager..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.swarm.worker..", "dev.swarm.cli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.worker..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.swarm.manager..", "dev.swarm.cli..")
        .check(CLASSES);
  }

  static List<String> corePackages() {
    return CORE.keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("corePackages")
  void corePackagesUseOnlyThoseBelowThem(String name) {
    String[] others =
        CORE.keySet().stream()
            .filter(
                other -> !other.equals(name) && !CORE.getOrDefault(name, Set.of()).contains(other))
            .map(other -> "dev.swarm.core." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.core." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(CLASSES);
  }

  @Test
  void everyPackageOfCoreIsKnownHere() {
    classes()
        .that()
        .resideInAPackage("dev.swarm.core..")
        .should()
        .resideInAnyPackage(
            Stream.concat(
                    CORE.keySet().stream().map(name -> "dev.swarm.core." + name),
                    CONTROL.keySet().stream().map(kind -> "dev.swarm.core.control." + kind))
                .toArray(String[]::new))
        .check(CLASSES);
  }

  static List<String> controlKinds() {
    return CONTROL.keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("controlKinds")
  void kindsOfObjectsAreDecidedApart(String kind) {
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.core.control." + kind)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            CONTROL.keySet().stream()
                .filter(
                    other ->
                        !other.equals(kind)
                            && !CONTROL.getOrDefault(kind, Set.of()).contains(other))
                .map(other -> "dev.swarm.core.control." + other)
                .toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void theRaftLibraryLivesInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.swarm.manager.raft")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.ratis..")
        .check(CLASSES);
  }

  @Test
  void theTwoHalvesOfTheProgramDoNotKnowEachOther() {
    classes()
        .that()
        .resideInAPackage("dev.swarm.cli..")
        .should()
        .resideInAnyPackage(
            Stream.concat(Stream.of(LIGHT), Stream.of("dev.swarm.cli.node.."))
                .toArray(String[]::new))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(LIGHT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.swarm.cli.node..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.swarm.cli", "dev.swarm.cli.client..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.swarm.cli.client..")
        .check(CLASSES);
  }

  @Test
  void theClientLoadsLittle() {
    classes()
        .that()
        .resideInAnyPackage(LIGHT)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(LIGHT)
                .or(
                    resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "com.fasterxml.jackson..",
                        "org.snakeyaml.engine..",
                        "dev.swarm.core.docker",
                        "dev.swarm.core.net",
                        "dev.swarm.core.port",
                        "dev.swarm.core.spec",
                        "dev.swarm.core.template",
                        "dev.swarm.core.text")))
        .because("its class path has nothing else, and every command waits for what it loads")
        .check(CLASSES);
  }

  @Test
  void theEngineApiStandsOnItsPlumbing() {
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.cli.node.engineapi.http")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.swarm.cli.node.engineapi.proxy", "dev.swarm.cli.node.engineapi.routes")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.cli.node.engineapi.proxy")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.swarm.cli.node.engineapi.routes")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(CLASSES);
  }

  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      String name = type.getPackageName();
      if (!name.startsWith("dev.swarm.")) {
        return SliceIdentifier.ignore();
      }
      return SliceIdentifier.of(name);
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }

  @Test
  void theLabOfTheEndToEndTestsKnowsNoStory() {
    noClasses()
        .that()
        .resideInAPackage("dev.swarm.cli.e2e.lab")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.swarm.cli.e2e.stories")
        .check(new ClassFileImporter().importPackages("dev.swarm.cli.e2e"));
  }

  @Test
  void timeChanceAndThreadsComeFromPorts() {
    classes().should(new TakeNothingFromTheMachine()).check(CLASSES);
  }

  @Test
  void whoMayDoSoExists() {
    FREE.forEach(CLASSES::get);
  }

  private static final class TakeNothingFromTheMachine extends ArchCondition<JavaClass> {
    private static final Map<String, Set<String>> METHODS =
        Map.of(
            "java.time.Instant", Set.of("now"),
            "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
            "java.lang.Math", Set.of("random"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.concurrent.ThreadLocalRandom", Set.of("current"),
            "java.util.random.RandomGenerator", Set.of("getDefault", "of"),
            "java.lang.Thread", Set.of("ofPlatform", "ofVirtual", "startVirtualThread"),
            "java.util.concurrent.ForkJoinPool", Set.of("commonPool"));
    private static final Set<String> CONSTRUCTORS =
        Set.of(
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.security.SecureRandom",
            "java.lang.Thread",
            "java.util.Timer",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "java.util.concurrent.ForkJoinPool");

    private TakeNothingFromTheMachine() {
      super("take time, chance and threads from ports");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      String top = type.getName().split("\\$", 2)[0];
      if (FREE.contains(top)) {
        return;
      }
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (isForbidden(access)) {
          events.add(SimpleConditionEvent.violated(type, access.getDescription()));
        }
      }
    }

    private static boolean isForbidden(JavaAccess<?> access) {
      String owner = access.getTargetOwner().getName();
      String member = access.getTarget().getName();
      return member.equals("<init>")
          ? CONSTRUCTORS.contains(owner)
          : METHODS.getOrDefault(owner, Set.of()).contains(member)
              || owner.equals("java.util.concurrent.Executors");
    }
  }
}
