package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.TaskShapes;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.TaskState;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Routes under {@code /tasks}, logs excepted. */
final class TaskRoutes {
  private static final Set<String> FILTERS =
      Set.of("name", "id", "label", "service", "node", "desired-state", "runtime", "_up-to-date");

  /** Tasks that belong to services, not the attachments of plain containers to networks. */
  private static final List<String> RUNTIMES = List.of("container", "process", "");

  private final SwarmClient swarm;

  TaskRoutes(SwarmClient swarm) {
    this.swarm = swarm;
  }

  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    var wanted =
        ListTasksRequest.Filters.newBuilder()
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label"))
            .addAllRuntimes(filters.has("runtime") ? filters.get("runtime") : RUNTIMES)
            .setUpToDate(!filters.get("_up-to-date").isEmpty());
    filters
        .numbers("desired-state", TaskState.getDescriptor())
        .forEach(wanted::addDesiredStatesValue);
    for (String service : filters.get("service")) {
      wanted.addServiceIds(swarm.service(service, false).getId());
    }
    for (String node : filters.get("node")) {
      wanted.addNodeIds(swarm.node(node).getId());
    }
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    swarm
        .control()
        .listTasks(ListTasksRequest.newBuilder().setFilters(wanted).build())
        .getTasksList()
        .forEach(task -> out.add(TaskShapes.TASK.write(task)));
    exchange.reply(200, out);
  }

  void inspect(Exchange exchange) throws IOException {
    exchange.reply(200, TaskShapes.TASK.write(swarm.task(exchange.variable("id"))));
  }
}
