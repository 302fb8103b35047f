package dev.swarm.cli.node.engineapi.routes;

import com.google.protobuf.Message;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.Shape;
import docker.swarmkit.v1.Version;
import java.util.List;
import java.util.Set;

/**
 * Calls about secrets or about configs: all in which their routes differ.
 *
 * @param <T> the object on the wire
 * @param <S> its spec
 */
interface PayloadCalls<T extends Message, S extends Message> {
  String noun();

  /** Filters that a list may have. */
  Set<String> filters();

  Shape shape();

  Shape specShape();

  Class<S> specType();

  List<T> list(QueryFilters filters);

  /** The one that a user means by {@code name}. */
  T find(String name);

  String id(T object);

  /** Returns the new object's id. */
  String create(S spec);

  void update(String id, Version version, S spec);

  void remove(String id);
}
