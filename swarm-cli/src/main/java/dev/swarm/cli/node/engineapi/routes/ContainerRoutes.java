package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Body;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import java.io.IOException;
import java.util.Optional;

/**
 * Route {@code /containers/json} with the filter {@code is-task}: the engine behind us does not
 * know which of its containers are tasks, their labels do. Everything else about containers is the
 * engine's.
 */
final class ContainerRoutes {
  private static final String IS_TASK = "is-task";
  private static final String TASK_LABEL = "com.docker.swarm.task.id";

  private final Optional<InnerEngine> engine;

  ContainerRoutes(Optional<InnerEngine> engine) {
    this.engine = engine;
  }

  void list(Exchange exchange) throws IOException {
    Optional<String> text = exchange.parameter("filters").filter(f -> f.contains(IS_TASK));
    if (engine.isEmpty()
        || text.isEmpty()
        || !(Body.parse(text.get()) instanceof ObjectNode filters)
        || !filters.has(IS_TASK)) {
      exchange.passOn();
      return;
    }
    boolean tasks = isTask(filters.remove(IS_TASK));
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    for (JsonNode container : engine.get().get(target(exchange, filters))) {
      if (container.path("Labels").has(TASK_LABEL) == tasks) {
        out.add(container);
      }
    }
    exchange.reply(200, out);
  }

  /** In one of the forms {@code ["true"]} and {@code {"true":true}}. */
  private static boolean isTask(JsonNode filter) {
    JsonNode value = filter.isArray() ? filter.path(0) : filter;
    String word =
        value.isObject() && value.size() == 1
            ? value.fieldNames().next()
            : value.isValueNode() ? value.asText() : "";
    return switch (word) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw ApiRejection.badRequest("invalid filter 'is-task=" + word + "'");
    };
  }

  private static String target(Exchange exchange, ObjectNode filters) {
    StringBuilder query =
        new StringBuilder("?filters=").append(LocalNetworks.escaped(filters.toString()));
    for (String name : new String[] {"all", "limit", "size", "since", "before"}) {
      exchange
          .parameter(name)
          .ifPresent(value -> query.append("&" + name + "=" + LocalNetworks.escaped(value)));
    }
    return exchange.request().getHttpURI().getPath() + query;
  }
}
