package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Message;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import docker.swarmkit.v1.Version;
import java.io.IOException;

/** Routes under {@code /secrets}, and those under {@code /configs}. */
final class PayloadRoutes<T extends Message, S extends Message> {
  private final PayloadCalls<T, S> payloads;

  PayloadRoutes(PayloadCalls<T, S> payloads) {
    this.payloads = payloads;
  }

  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, payloads.filters());
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    payloads.list(filters).forEach(object -> out.add(payloads.shape().write(object)));
    exchange.reply(200, out);
  }

  void inspect(Exchange exchange) throws IOException {
    exchange.reply(200, payloads.shape().write(found(exchange)));
  }

  void create(Exchange exchange) throws IOException {
    String id = payloads.create(exchange.body(payloads.specShape(), payloads.specType()));
    exchange.reply(201, JsonNodeFactory.instance.objectNode().put("ID", id));
  }

  void update(Exchange exchange) throws IOException {
    S spec = exchange.body(payloads.specShape(), payloads.specType());
    long version = exchange.objectVersion(payloads.noun());
    payloads.update(
        payloads.id(found(exchange)), Version.newBuilder().setIndex(version).build(), spec);
    exchange.reply(200);
  }

  void remove(Exchange exchange) throws IOException {
    payloads.remove(payloads.id(found(exchange)));
    exchange.reply(204);
  }

  private T found(Exchange exchange) {
    return payloads.find(exchange.variable("id"));
  }
}
