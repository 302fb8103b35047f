package dev.swarm.core.control.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.NameRules;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.control.Swarm;
import dev.swarm.core.docker.ImageReference;
import dev.swarm.core.model.Service;
import dev.swarm.core.net.Subnet;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.spec.NodePort;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.PortConfig.PublishMode;
import docker.swarmkit.v1.UpdateServiceRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ControlProperties {
  /** One step of a story: service {@code web<service>} gets these ports. */
  record Step(int service, List<PortConfig> ports) {}

  @Property(tries = 300)
  void anIngressPortHasOneOwner(@ForAll("steps") @Size(max = 12) List<Step> steps) {
    Swarm swarm = new Swarm();
    for (Step step : steps) {
      String name = "web" + step.service();
      if (swarm.snapshot.serviceNamed(name).isEmpty()) {
        run(
            swarm,
            ServiceControl.create(
                Swarm.createRequest(
                    Swarm.spec(name, s -> s.getEndpointBuilder().addAllPorts(step.ports())))));
      } else {
        run(
            swarm,
            ServiceControl.update(
                swarm.updateRequest(
                    name, s -> s.getEndpointBuilder().clearPorts().addAllPorts(step.ports()))));
      }
      assertOneOwner(swarm);
    }
  }

  private static <R> void run(Swarm swarm, dev.swarm.core.plan.Decision<R> decision) {
    if (swarm.decide(decision) instanceof Verdict.Accepted<R> accepted) {
      swarm.apply(accepted.changes());
    }
  }

  private static void assertOneOwner(Swarm swarm) {
    Map<NodePort, String> ingress = new HashMap<>();
    for (Service service : swarm.snapshot.services().values()) {
      assertEquals(
          service.spec().getEndpoint().getPortsCount(), service.endpoint().getPortsCount());
      Set<NodePort> own = new HashSet<>();
      for (PortConfig port : service.endpoint().getPortsList()) {
        if (port.getPublishMode() == PublishMode.INGRESS) {
          assertTrue(port.getPublishedPort() > 0);
          assertTrue(ingress.put(PublishedPorts.hostPort(port), service.name()) == null);
        }
        if (port.getPublishedPort() != 0) {
          assertTrue(own.add(PublishedPorts.hostPort(port)));
        }
      }
    }
    for (Service service : swarm.snapshot.services().values()) {
      for (PortConfig port : service.endpoint().getPortsList()) {
        if (port.getPublishMode() == PublishMode.HOST) {
          assertFalse(ingress.containsKey(PublishedPorts.hostPort(port)));
        }
      }
    }
  }

  @Property(tries = 200)
  void anUnrelatedUpdateKeepsEveryPort(@ForAll("steps") @Size(max = 8) List<Step> steps) {
    Swarm swarm = new Swarm();
    for (Step step : steps) {
      run(
          swarm,
          ServiceControl.create(
              Swarm.createRequest(
                  Swarm.spec(
                      "web" + step.service(),
                      s -> s.getEndpointBuilder().addAllPorts(step.ports())))));
    }
    for (Service service : List.copyOf(swarm.snapshot.services().values())) {
      UpdateServiceRequest scale =
          swarm.updateRequest(service.name(), s -> s.getReplicatedBuilder().setReplicas(7));
      swarm.accept(ServiceControl.update(scale));
      Service after = swarm.service(service.name());
      assertEquals(service.endpoint(), after.endpoint());
      assertEquals(service.specVersion(), after.specVersion());
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<PortConfig> port =
        Combinators.combine(
                Arbitraries.of(0, 0, 80, 30_000, 30_001, 30_002),
                Arbitraries.of(80, 81),
                Arbitraries.of(PortConfig.Protocol.TCP, PortConfig.Protocol.UDP),
                Arbitraries.of(PublishMode.INGRESS, PublishMode.INGRESS, PublishMode.HOST))
            .as(
                (published, target, protocol, mode) ->
                    Swarm.port(published, target).toBuilder()
                        .setProtocol(protocol)
                        .setPublishMode(mode)
                        .build());
    return Combinators.combine(Arbitraries.integers().between(0, 3), port.list().ofMaxSize(4))
        .as(Step::new)
        .list();
  }

  @Property
  void aNarrowerFilterNeverFindsMore(
      @ForAll("words") List<String> names,
      @ForAll("words") List<String> prefixes,
      @ForAll("words") List<String> more,
      @ForAll("word") String name) {
    Annotations annotations = Annotations.newBuilder().setName(name).build();
    boolean wide = ListFilters.all(names, List.of(), List.of(), Map.of(), "id", annotations);
    boolean narrow = ListFilters.all(names, prefixes, more, Map.of(), "id", annotations);
    assertTrue(wide || !narrow);
    assertTrue(ListFilters.all(List.of(), List.of(), List.of(), Map.of(), "id", annotations));
    assertTrue(ListFilters.any(List.of(name), prefixes, more, Map.of(), "id", annotations));
  }

  @Provide
  Arbitrary<List<String>> words() {
    return word().list().ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> word() {
    return Arbitraries.strings().withChars("ab").ofMinLength(1).ofMaxLength(3);
  }

  @Property
  void aMessageIsOneShortLineWhateverIsInIt(@ForAll String text) {
    Rejection rejection = Refuse.invalid(text + "\r\n" + text);
    assertEquals(1, rejection.message().lines().count());
    assertTrue(rejection.message().length() <= 401);
  }

  @Property(tries = 2000)
  void checkingANameIsQuickAndTotal(@ForAll("nameLike") String name) {
    NameRules.dnsLabel("service", name);
    NameRules.fileName("secret", name);
    ImageReference.flaw(name);
  }

  @Provide
  Arbitrary<String> nameLike() {
    return Arbitraries.strings().withChars("a-_./:@A0[ ").ofMaxLength(700);
  }

  @Property
  void subnetsContainWhatSharesTheirPrefix(
      @ForAll @IntRange(min = 0, max = 32) int bits,
      @ForAll @IntRange(min = 0, max = 255) int a,
      @ForAll @IntRange(min = 0, max = 255) int b) {
    Subnet subnet = Subnet.parse("10.%d.%d.0/%d".formatted(a, b, bits)).orElseThrow();
    assertTrue(subnet.contains(Subnet.address("10.%d.%d.0".formatted(a, b)).orElseThrow()));
    assertTrue(subnet.overlaps(Subnet.parse("0.0.0.0/0").orElseThrow()));
    assertEquals(bits == 0, subnet.contains(Subnet.address("200.0.0.1").orElseThrow()));
  }
}
