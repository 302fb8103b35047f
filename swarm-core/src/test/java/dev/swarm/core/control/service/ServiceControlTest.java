package dev.swarm.core.control.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.Swarm;
import dev.swarm.core.model.Service;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.CreateServiceResponse;
import docker.swarmkit.v1.GlobalService;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateStatus;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceControlTest {
  private final Swarm swarm = new Swarm();

  @Test
  void createsUpdatesAndRemoves() {
    docker.swarmkit.v1.Service made = swarm.create(Swarm.spec("web"));
    assertEquals("web", made.getSpec().getAnnotations().getName());
    assertEquals(1, made.getMeta().getVersion().getIndex());
    assertEquals(1, made.getSpecVersion().getIndex());

    docker.swarmkit.v1.Service scaled =
        swarm.accept(ServiceControl.update(replicas(3))).getService();
    assertEquals(3, scaled.getSpec().getReplicated().getReplicas());
    assertEquals(made.getSpec(), scaled.getPreviousSpec());
    assertEquals(2, scaled.getMeta().getVersion().getIndex());
    assertEquals(1, scaled.getSpecVersion().getIndex(), "no task has to change for more replicas");

    swarm.accept(ServiceControl.remove(remove(made.getId())));
    assertTrue(swarm.snapshot.services().isEmpty());
    assertEquals(Kind.NOT_FOUND, swarm.reject(ServiceControl.remove(remove(made.getId()))).kind());
  }

  @Test
  void anUpdateOfAnOlderVersionIsStale() {
    swarm.create(Swarm.spec("web"));
    UpdateServiceRequest first = replicas(3);
    UpdateServiceRequest second = replicas(5);

    swarm.accept(ServiceControl.update(first));

    assertEquals(Rejection.stale(), swarm.reject(ServiceControl.update(second)));
    assertEquals(new ServiceMode.Replicated(3), swarm.service("web").mode());
  }

  @Test
  void aNewImageIsANewSpecVersionAndForgetsTheUpdateInProgress() {
    swarm.create(Swarm.spec("web"));
    progress(UpdateState.PAUSED);

    swarm.accept(ServiceControl.update(image("nginx:1.28")));

    Service after = swarm.service("web");
    assertEquals(3, after.specVersion());
    assertTrue(after.updateStatus().isEmpty());
    assertEquals(3, after.template().specVersion());
  }

  @Test
  void theSameSpecAgainChangesNothing() {
    swarm.create(Swarm.spec("web"));
    swarm.accept(ServiceControl.update(image("nginx:1.28")));
    Service before = swarm.service("web");

    swarm.accept(ServiceControl.update(swarm.updateRequest("web", spec -> {})));

    assertSame(before, swarm.service("web"));
  }

  @Test
  void theSameSpecAgainResumesAPausedUpdateAndKeepsWhatARollbackReturnsTo() {
    swarm.create(Swarm.spec("web"));
    swarm.accept(ServiceControl.update(image("nginx:1.28")));
    progress(UpdateState.PAUSED);

    swarm.accept(ServiceControl.update(swarm.updateRequest("web", spec -> {})));

    Service after = swarm.service("web");
    assertTrue(after.updateStatus().isEmpty());
    assertEquals("nginx:1.27", imageOf(after.previous().orElseThrow()));
  }

  @Test
  void rollsBackAndForth() {
    swarm.create(Swarm.spec("web"));
    swarm.accept(ServiceControl.update(image("nginx:1.28")));

    swarm.accept(ServiceControl.update(rollback()));
    Service back = swarm.service("web");
    assertEquals("nginx:1.27", imageOf(back.spec()));
    assertEquals("nginx:1.28", imageOf(back.previous().orElseThrow()));
    assertEquals(UpdateState.ROLLBACK_STARTED, back.updateStatus().orElseThrow().getState());
    assertEquals(3, back.specVersion());

    swarm.accept(ServiceControl.update(rollback()));
    assertEquals("nginx:1.28", imageOf(swarm.service("web").spec()));
  }

  @Test
  void cannotRollBackWhatNeverChanged() {
    swarm.create(Swarm.spec("web"));
    Rejection why = swarm.reject(ServiceControl.update(rollback()));
    assertEquals(Kind.FAILED_PRECONDITION, why.kind());
    assertEquals("service web does not have a previous spec", why.message());
  }

  @Test
  void nameAndModeStay() {
    swarm.create(Swarm.spec("web"));
    assertEquals(
        Kind.UNIMPLEMENTED,
        swarm
            .reject(
                ServiceControl.update(
                    swarm.updateRequest("web", s -> s.getAnnotationsBuilder().setName("api"))))
            .kind());
    assertEquals(
        Kind.UNIMPLEMENTED,
        swarm
            .reject(
                ServiceControl.update(
                    swarm.updateRequest(
                        "web", s -> s.setGlobal(GlobalService.getDefaultInstance()))))
            .kind());
  }

  @Test
  void twoCreatesOfOneNameInOneBatchConflict() {
    Decision<CreateServiceResponse> create =
        ServiceControl.create(Swarm.createRequest(Swarm.spec("web")));
    swarm.accept(create);
    assertEquals(Kind.ALREADY_EXISTS, swarm.reject(create).kind());
  }

  @Test
  void theReplyStandsWhenALaterRequestOfTheBatchRemovedTheService() {
    Verdict<CreateServiceResponse> verdict =
        swarm.decide(ServiceControl.create(Swarm.createRequest(Swarm.spec("web"))));
    assertTrue(verdict instanceof Verdict.Accepted<CreateServiceResponse>);
    docker.swarmkit.v1.Service reply =
        ((Verdict.Accepted<CreateServiceResponse>) verdict)
            .reply()
            .apply(swarm.snapshot)
            .getService();
    assertEquals(1, reply.getMeta().getVersion().getIndex());
    assertNotEquals("", reply.getId());
  }

  @Test
  void aPortOfEveryNodeNeedsTheIngressNetwork() {
    Rejection why =
        swarm.reject(
            ServiceControl.create(
                Swarm.createRequest(
                    Swarm.spec("a", s -> s.getEndpointBuilder().addPorts(Swarm.port(80, 80))))));
    assertEquals(Kind.FAILED_PRECONDITION, why.kind());
    assertTrue(why.message().contains("no ingress network is present"), why.message());
  }

  @Test
  void aFreePortIsChosenAndKept() {
    swarm.addIngress();
    swarm.create(Swarm.spec("a", s -> s.getEndpointBuilder().addPorts(Swarm.port(0, 80))));
    swarm.create(Swarm.spec("b", s -> s.getEndpointBuilder().addPorts(Swarm.port(30_001, 80))));
    swarm.create(
        Swarm.spec(
            "c",
            s ->
                s.getEndpointBuilder()
                    .addPorts(Swarm.port(0, 80))
                    .addPorts(Swarm.port(0, 81))
                    .addPorts(Swarm.port(0, 80).toBuilder().setProtocol(PortConfig.Protocol.UDP))));
    assertEquals(List.of(30_000), ports("a"));
    assertEquals(List.of(30_002, 30_003, 30_001), ports("c"));

    swarm.accept(ServiceControl.remove(remove(swarm.service("a").id().value())));
    swarm.accept(
        ServiceControl.update(
            swarm.updateRequest("c", s -> s.getEndpointBuilder().removePorts(0))));

    assertEquals(List.of(30_003, 30_001), ports("c"), "ports that are still wanted stay");
  }

  @Test
  void aPortGivenBackRests() {
    swarm.addIngress();
    swarm.create(Swarm.spec("a", s -> s.getEndpointBuilder().addPorts(Swarm.port(0, 80))));
    assertEquals(List.of(30_000), ports("a"));
    swarm.accept(ServiceControl.remove(remove(swarm.service("a").id().value())));
    swarm.create(Swarm.spec("b", s -> s.getEndpointBuilder().addPorts(Swarm.port(0, 80))));
    assertEquals(List.of(30_001), ports("b"));
  }

  @Test
  void aServiceMayTakeItsOwnDynamicPortByNumber() {
    swarm.addIngress();
    swarm.create(Swarm.spec("a", s -> s.getEndpointBuilder().addPorts(Swarm.port(0, 80))));
    swarm.accept(
        ServiceControl.update(
            swarm.updateRequest(
                "a", s -> s.getEndpointBuilder().addPorts(0, Swarm.port(30_000, 443)))));
    assertEquals(List.of(30_000, 30_001), ports("a"));
  }

  @Test
  void hostPortsMayBeSharedByServicesAndAreNotChosen() {
    swarm.addIngress();
    PortConfig host =
        Swarm.port(0, 80).toBuilder().setPublishMode(PortConfig.PublishMode.HOST).build();
    PortConfig fixed = host.toBuilder().setPublishedPort(8080).build();
    swarm.create(Swarm.spec("a", s -> s.getEndpointBuilder().addPorts(fixed).addPorts(host)));
    swarm.create(Swarm.spec("b", s -> s.getEndpointBuilder().addPorts(fixed)));
    assertEquals(List.of(8080, 0), ports("a"));
    Rejection why =
        swarm.reject(
            ServiceControl.create(
                Swarm.createRequest(
                    Swarm.spec("c", s -> s.getEndpointBuilder().addPorts(Swarm.port(8080, 80))))));
    assertEquals(Kind.ALREADY_EXISTS, why.kind());
    assertTrue(why.message().contains("'a'"), why.message());
  }

  @Test
  void saysSoWhenPortsRunOut() {
    swarm.addIngress();
    swarm.create(
        Swarm.spec(
            "greedy",
            s -> {
              for (int port = PublishedPorts.DYNAMIC_MIN;
                  port <= PublishedPorts.DYNAMIC_MAX;
                  port++) {
                s.getEndpointBuilder().addPorts(Swarm.port(0, 80));
              }
            }));
    Rejection why =
        swarm.reject(
            ServiceControl.create(
                Swarm.createRequest(
                    Swarm.spec("late", s -> s.getEndpointBuilder().addPorts(Swarm.port(0, 80))))));
    assertEquals(Kind.FAILED_PRECONDITION, why.kind());
  }

  private List<Integer> ports(String service) {
    return swarm.service(service).endpoint().getPortsList().stream()
        .map(PortConfig::getPublishedPort)
        .toList();
  }

  private UpdateServiceRequest replicas(int replicas) {
    return swarm.updateRequest("web", s -> s.getReplicatedBuilder().setReplicas(replicas));
  }

  private UpdateServiceRequest image(String image) {
    return swarm.updateRequest(
        "web", s -> s.getTaskBuilder().getContainerBuilder().setImage(image));
  }

  private UpdateServiceRequest rollback() {
    return swarm.updateRequest("web", s -> {}).toBuilder()
        .clearSpec()
        .setRollback(UpdateServiceRequest.Rollback.PREVIOUS)
        .build();
  }

  private void progress(UpdateState state) {
    swarm.apply(
        new Change.PutService(
            swarm
                .service("web")
                .withUpdateStatus(UpdateStatus.newBuilder().setState(state).build())));
  }

  private static RemoveServiceRequest remove(String id) {
    return RemoveServiceRequest.newBuilder().setServiceId(id).build();
  }

  private static String imageOf(ServiceSpec spec) {
    return spec.getTask().getContainer().getImage();
  }
}
