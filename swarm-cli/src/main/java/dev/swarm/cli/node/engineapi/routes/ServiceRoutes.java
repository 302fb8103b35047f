package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.ServiceShapes;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.spec.ServiceMode;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.ListServiceStatusesRequest;
import docker.swarmkit.v1.ListServiceStatusesResponse.ServiceStatus;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.Version;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Routes under {@code /services}, logs excepted. */
final class ServiceRoutes {
  private static final Set<String> FILTERS = Set.of("name", "id", "label", "mode", "runtime");

  /** What users start themselves: containers, and our processes. */
  private static final List<String> RUNTIMES = List.of("container", "process");

  private static final String REGISTRY_AUTH = "X-Registry-Auth";
  private static final int STATUS_SINCE = 41;

  private final SwarmClient swarm;
  private final IdSource ids;

  ServiceRoutes(SwarmClient swarm, IdSource ids) {
    this.swarm = swarm;
    this.ids = ids;
  }

  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    boolean withStatus = exchange.strictFlag("status") && exchange.apiMinor() >= STATUS_SINCE;
    List<String> runtimes = filters.get("runtime");
    var wanted =
        ListServicesRequest.Filters.newBuilder()
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label"))
            .addAllRuntimes(runtimes.isEmpty() ? RUNTIMES : runtimes);
    List<String> modes = filters.get("mode");
    List<Service> services =
        swarm
            .control()
            .listServices(ListServicesRequest.newBuilder().setFilters(wanted).build())
            .getServicesList()
            .stream()
            .filter(service -> modes.isEmpty() || modes.contains(mode(service)))
            .toList();
    exchange.reply(200, withStatus ? withStatuses(services) : plain(services));
  }

  private static String mode(Service service) {
    return switch (ServiceMode.parse(service.getSpec())) {
      case ServiceMode.Replicated _ -> "replicated";
      case ServiceMode.Global _ -> "global";
      case ServiceMode.ReplicatedJob _ -> "replicated-job";
      case ServiceMode.GlobalJob _ -> "global-job";
    };
  }

  private static ArrayNode plain(List<Service> services) {
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    services.forEach(service -> out.add(ServiceShapes.SERVICE.write(service)));
    return out;
  }

  private ArrayNode withStatuses(List<Service> services) {
    var request = ListServiceStatusesRequest.newBuilder();
    services.forEach(service -> request.addServices(service.getId()));
    Map<String, ServiceStatus> statuses = new HashMap<>();
    swarm
        .control()
        .listServiceStatuses(request.build())
        .getStatusesList()
        .forEach(status -> statuses.put(status.getServiceId(), status));
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    for (Service service : services) {
      ObjectNode json = ServiceShapes.SERVICE.write(service);
      ServiceStatus status = statuses.get(service.getId());
      if (status != null) {
        json.set("ServiceStatus", ServiceShapes.SERVICE_STATUS.write(status));
      }
      out.add(json);
    }
    return out;
  }

  void inspect(Exchange exchange) throws IOException {
    boolean insertDefaults = exchange.strictFlag("insertDefaults");
    Service service = swarm.service(exchange.variable("id"), insertDefaults);
    exchange.reply(200, ServiceShapes.SERVICE.write(service));
  }

  void create(Exchange exchange) throws IOException {
    ServiceSpec.Builder spec = spec(exchange);
    if (spec.getAnnotations().getName().isEmpty()) {
      spec.getAnnotationsBuilder().setName(ServiceNames.draw(ids.next()));
    }
    exchange.header(REGISTRY_AUTH).ifPresent(auth -> authenticate(spec, auth));
    resolveNetworks(spec);
    Service created =
        swarm
            .control()
            .createService(CreateServiceRequest.newBuilder().setSpec(spec).build())
            .getService();
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    out.put("ID", created.getId());
    out.putNull("Warnings");
    exchange.reply(201, out);
  }

  void update(Exchange exchange) throws IOException {
    ServiceSpec.Builder spec = spec(exchange);
    long version = exchange.objectVersion("service");
    UpdateServiceRequest.Rollback rollback = rollback(exchange);
    boolean authFromPrevious = authFromPrevious(exchange);
    Service current = swarm.service(exchange.variable("id"), false);
    if (spec.getAnnotations().getName().isEmpty()) {
      spec.getAnnotationsBuilder().setName(current.getSpec().getAnnotations().getName());
    }
    exchange
        .header(REGISTRY_AUTH)
        .ifPresentOrElse(
            auth -> authenticate(spec, auth), () -> keepAuth(spec, current, authFromPrevious));
    resolveNetworks(spec);
    swarm
        .control()
        .updateService(
            UpdateServiceRequest.newBuilder()
                .setServiceId(current.getId())
                .setServiceVersion(Version.newBuilder().setIndex(version))
                .setSpec(spec)
                .setRollback(rollback)
                .build());
    exchange.reply(200, JsonNodeFactory.instance.objectNode().putNull("Warnings"));
  }

  void remove(Exchange exchange) throws IOException {
    String id = swarm.service(exchange.variable("id"), false).getId();
    swarm.control().removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
    exchange.reply(200);
  }

  private static ServiceSpec.Builder spec(Exchange exchange) throws IOException {
    return exchange.body(ServiceShapes.SERVICE_SPEC, ServiceSpec.class).toBuilder();
  }

  private static UpdateServiceRequest.Rollback rollback(Exchange exchange) {
    String asked = exchange.parameter("rollback").orElse("none");
    return switch (asked) {
      case "none" -> UpdateServiceRequest.Rollback.NONE;
      case "previous" -> UpdateServiceRequest.Rollback.PREVIOUS;
      default -> throw ApiRejection.badRequest("unrecognized rollback option " + asked);
    };
  }

  private static boolean authFromPrevious(Exchange exchange) {
    String source = exchange.parameter("registryAuthFrom").orElse("spec");
    return switch (source) {
      case "spec" -> false;
      case "previous-spec" -> true;
      default ->
          throw ApiRejection.badRequest(
              "invalid registryAuthFrom '" + source + "', must be spec or previous-spec");
    };
  }

  private static void authenticate(ServiceSpec.Builder spec, String auth) {
    if (spec.getTask().hasContainer()) {
      spec.getTaskBuilder()
          .getContainerBuilder()
          .setPullOptions(ContainerSpec.PullOptions.newBuilder().setRegistryAuth(auth));
    }
  }

  /** Credentials are never shown, so an update by someone who has none must not lose them. */
  private static void keepAuth(ServiceSpec.Builder spec, Service current, boolean fromPrevious) {
    if (fromPrevious && !current.hasPreviousSpec()) {
      throw ApiRejection.badRequest("service does not have a previous spec");
    }
    ContainerSpec source =
        (fromPrevious ? current.getPreviousSpec() : current.getSpec()).getTask().getContainer();
    if (source.hasPullOptions()) {
      authenticate(spec, source.getPullOptions().getRegistryAuth());
    }
  }

  /** Users name networks, the swarm refers to them by id. */
  private void resolveNetworks(ServiceSpec.Builder spec) {
    for (NetworkAttachmentConfig.Builder network : spec.getTaskBuilder().getNetworksBuilderList()) {
      network.setTarget(swarm.network(network.getTarget()).getId());
    }
  }
}
