package dev.swarm.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.PlacementPreference;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.SpreadOver;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of placing tasks, counted by other code than the scheduler's. */
class SchedulerProperties {
  private static final Pattern REASON =
      Pattern.compile("on (\\d+) node|(\\d+) nodes? not available");

  private static Stage cluster(Random dice) {
    Stage stage = new Stage();
    int nodes = dice.nextInt(7);
    for (int i = 0; i < nodes; i++) {
      NodeId id = stage.node("n" + i, 1 + dice.nextInt(4), spec -> spec);
      stage.label(id, "zone", "z" + dice.nextInt(3));
      if (dice.nextInt(5) == 0) {
        stage.availability(id, dice.nextBoolean() ? Availability.PAUSE : Availability.DRAIN);
      }
      if (dice.nextInt(6) == 0) {
        stage.state(id, dice.nextBoolean() ? Node.State.DOWN : Node.State.UNKNOWN);
      }
    }
    return stage;
  }

  private static ServiceSpec wish(Random dice, String name) {
    ServiceSpec spec =
        dice.nextInt(5) == 0 ? Specs.global(name) : Specs.replicated(name, dice.nextInt(9));
    if (dice.nextInt(2) == 0) {
      spec = Specs.cpus(spec, dice.nextInt(3));
    }
    if (dice.nextInt(3) == 0) {
      spec = Specs.constraint(spec, "node.labels.zone" + (dice.nextBoolean() ? "==z1" : "!=z1"));
    }
    if (dice.nextInt(4) == 0) {
      spec = Specs.port(spec, 8000 + dice.nextInt(2));
    }
    int max = dice.nextInt(6);
    if (max < 3) {
      spec = Specs.with(spec, s -> s.getTaskBuilder().getPlacementBuilder().setMaxReplicas(max));
    }
    if (dice.nextInt(4) == 0) {
      spec = Specs.with(spec, s -> spread(s));
    }
    return spec;
  }

  private static void spread(ServiceSpec.Builder spec) {
    spec.getTaskBuilder()
        .getPlacementBuilder()
        .addPreferences(
            PlacementPreference.newBuilder()
                .setSpread(SpreadOver.newBuilder().setSpreadDescriptor("node.labels.zone")));
  }

  @Property(tries = 400)
  void whatIsPlacedFitsAndWhatWaitsFitsNowhere(@ForAll int seed) {
    Random dice = new Random(seed);
    Stage stage = cluster(dice);
    for (int i = 0; i < 3; i++) {
      ServiceId id = stage.service(wish(dice, "s" + i));
      stage.settle();
      if (dice.nextInt(3) == 0) {
        stage.update(id, Specs.image(wish(dice, "s" + i), "two"));
        stage.settle();
      }
    }
    for (Node node : stage.snapshot().nodes().values()) {
      checkRoom(stage, node);
    }
    for (Task task : stage.tasks()) {
      if (task.isRunnable() && task.state() == TaskState.PENDING) {
        checkReasons(stage, task);
        for (Node node : stage.snapshot().nodes().values()) {
          assertTrue(
              !couldTake(stage, node, task),
              () -> task + " waits, " + node.id() + " could take it");
        }
      }
    }
  }

  private static void checkRoom(Stage stage, Node node) {
    Set<Integer> ports = new HashSet<>();
    long nanoCpus = 0;
    for (Task task : on(stage, node)) {
      nanoCpus += task.template().spec().getResources().getReservations().getNanoCpus();
      for (PortConfig port : task.template().endpoint().getPortsList()) {
        assertTrue(ports.add(port.getPublishedPort()), "a port of " + node.id() + " twice");
      }
      List<String> today =
          stage.service(task.serviceId()).spec().getTask().getPlacement().getConstraintsList();
      assertTrue(!task.isRunnable() || meets(node, today), task + " should leave");
    }
    assertTrue(nanoCpus <= node.description().getResources().getNanoCpus());
    Map<ServiceId, Long> perService =
        on(stage, node).stream()
            .filter(Task::isRunnable)
            .collect(Collectors.groupingBy(Task::serviceId, Collectors.counting()));
    perService.forEach(
        (id, count) -> {
          // An update may have lowered the limit under tasks that are there.
          boolean updated = stage.service(id).previous().isPresent();
          long max = stage.service(id).spec().getTask().getPlacement().getMaxReplicas();
          assertTrue(max == 0 || updated || count <= max);
        });
  }

  private static List<Task> on(Stage stage, Node node) {
    return stage.tasks().stream()
        .filter(task -> task.node().equals(node.id()) && task.state() == TaskState.ASSIGNED)
        .toList();
  }

  private static boolean meets(Node node, List<String> constraints) {
    String zone = node.spec().getAnnotations().getLabelsOrDefault("zone", "");
    return constraints.stream()
        .allMatch(c -> c.contains("==") == c.substring(c.length() - 2).equals(zone));
  }

  private static boolean couldTake(Stage stage, Node node, Task task) {
    ServiceSpec today = stage.service(task.serviceId()).spec();
    List<Task> here = on(stage, node);
    long max = today.getTask().getPlacement().getMaxReplicas();
    long taken =
        here.stream()
            .mapToLong(t -> t.template().spec().getResources().getReservations().getNanoCpus())
            .sum();
    long wants = task.template().spec().getResources().getReservations().getNanoCpus();
    return (task.node().isNone() || task.node().equals(node.id()))
        && node.status().state() == Node.State.READY
        && node.spec().getAvailability() == Availability.ACTIVE
        && meets(node, today.getTask().getPlacement().getConstraintsList())
        && (wants == 0 || taken + wants <= node.description().getResources().getNanoCpus())
        && (max == 0
            || here.stream()
                    .filter(t -> t.isRunnable() && t.serviceId().equals(task.serviceId()))
                    .count()
                < max)
        && task.template().endpoint().getPortsList().stream()
            .noneMatch(
                port ->
                    here.stream()
                        .flatMap(t -> t.template().endpoint().getPortsList().stream())
                        .anyMatch(p -> p.getPublishedPort() == port.getPublishedPort()));
  }

  /** Every node is counted once among the reasons, whatever they are. */
  private static void checkReasons(Stage stage, Task task) {
    String why = task.status().err();
    assertTrue(why.startsWith("no suitable node ("), why);
    int nodes = task.node().isNone() ? stage.snapshot().nodes().size() : 1;
    Matcher reasons = REASON.matcher(why);
    int counted = 0;
    while (reasons.find()) {
      counted += Integer.parseInt(reasons.group(1) == null ? reasons.group(2) : reasons.group(1));
    }
    assertEquals(nodes, counted, why);
  }

  @Property(tries = 200)
  void tasksOfAServiceSpreadOverNodesThatAreAlike(
      @ForAll @IntRange(min = 1, max = 8) int nodes,
      @ForAll @IntRange(max = 30) int replicas,
      @ForAll @IntRange(max = 10) int others) {
    Stage stage = new Stage();
    for (int i = 0; i < nodes; i++) {
      stage.node("n" + i);
    }
    stage.service(Specs.replicated("other", others));
    stage.settle();
    ServiceId id = stage.service(Specs.replicated("web", replicas));
    stage.settle();
    Map<NodeId, Integer> counts = new TreeMap<>();
    stage.snapshot().nodes().keys().forEach(node -> counts.put(node, 0));
    stage.wanted(id).forEach(task -> counts.merge(task.node(), 1, Integer::sum));
    IntSummaryStatistics of = counts.values().stream().mapToInt(n -> n).summaryStatistics();
    assertEquals(replicas, of.getSum());
    assertTrue(of.getMax() - of.getMin() <= 1, counts.toString());
    Map<NodeId, Integer> all = new TreeMap<>();
    stage.tasks().forEach(task -> all.merge(task.node(), 1, Integer::sum));
    IntSummaryStatistics busy = all.values().stream().mapToInt(n -> n).summaryStatistics();
    assertTrue(busy.getCount() == 0 || busy.getMax() - busy.getMin() <= 2, all.toString());
  }

  /** Whatever else is said of nodes; what is not, is one value for all of them. */
  @Property(tries = 60)
  void aPreferenceForWhatNodesAreSpreadsOverThat(
      @ForAll("descriptors") String descriptor, @ForAll @IntRange(max = 12) int replicas) {
    Stage stage = new Stage();
    for (int i = 0; i < 4; i++) {
      // Three of them are alike but for their names; the busiest is one of these.
      stage.platform(stage.node("n" + i), i == 3 ? "windows" : "linux", i == 3 ? "arm64" : "amd64");
    }
    stage.service(Specs.constraint(Specs.replicated("load", 9), "node.id==n3"));
    stage.settle();
    ServiceSpec spec =
        Specs.with(
            Specs.replicated("web", replicas),
            s ->
                s.getTaskBuilder()
                    .getPlacementBuilder()
                    .addPreferencesBuilder()
                    .getSpreadBuilder()
                    .setSpreadDescriptor(descriptor));
    ServiceId id = stage.service(spec);
    stage.settle();
    long onLast =
        stage.wanted(id).stream().filter(task -> task.node().equals(new NodeId("n3"))).count();
    boolean byPlatform = descriptor.toLowerCase(Locale.ROOT).startsWith("node.platform.");
    int parts = byPlatform ? 2 : 4;
    assertTrue(onLast >= replicas / parts, onLast + " of " + replicas);
    assertTrue(onLast <= (replicas + parts - 1) / parts, onLast + " of " + replicas);
  }

  @Provide
  Arbitrary<String> descriptors() {
    return Arbitraries.of(
        "node.id", "node.hostname", "Node.Platform.OS", "node.platform.arch", "com.x", "");
  }

  @Property(tries = 200)
  void aPreferenceSpreadsOverItsValuesFirst(
      @ForAll @IntRange(min = 1, max = 5) int inA,
      @ForAll @IntRange(min = 1, max = 5) int inB,
      @ForAll @IntRange(max = 24) int replicas) {
    Stage stage = new Stage();
    for (int i = 0; i < inA + inB; i++) {
      stage.label(stage.node("n" + i), "zone", i < inA ? "a" : "b");
    }
    ServiceId id =
        stage.service(Specs.with(Specs.replicated("web", replicas), SchedulerProperties::spread));
    stage.settle();
    long a =
        stage.wanted(id).stream()
            .filter(
                task ->
                    "a"
                        .equals(
                            stage
                                .node(task.node())
                                .spec()
                                .getAnnotations()
                                .getLabelsOrThrow("zone")))
            .count();
    assertTrue(Math.abs(2 * a - replicas) <= 1, a + " of " + replicas);
    for (String zone : List.of("a", "b")) {
      Map<NodeId, Long> counts =
          stage.wanted(id).stream()
              .filter(
                  task ->
                      zone.equals(
                          stage.node(task.node()).spec().getAnnotations().getLabelsOrThrow("zone")))
              .collect(Collectors.groupingBy(Task::node, Collectors.counting()));
      long max = counts.values().stream().mapToLong(n -> n).max().orElse(0);
      long members = zone.equals("a") ? inA : inB;
      long total = counts.values().stream().mapToLong(n -> n).sum();
      assertTrue(max <= (total + members - 1) / members, counts.toString());
    }
  }
}
