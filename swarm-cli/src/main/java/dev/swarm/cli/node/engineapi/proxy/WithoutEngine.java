package dev.swarm.cli.node.engineapi.proxy;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.ErrorReply;
import dev.swarm.cli.node.engineapi.http.RequestPath;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers in place of an inner engine where there is none: tells its paths from paths that nobody
 * has.
 */
public final class WithoutEngine extends Handler.Abstract {
  private static final Set<String> ENGINE_PATHS =
      Set.of(
          "auth",
          "build",
          "commit",
          "containers",
          "distribution",
          "exec",
          "grpc",
          "images",
          "networks",
          "plugins",
          "session",
          "system",
          "volumes");

  static final String SENTENCE =
      "this daemon serves only the swarm part of the API; give it an engine's socket with --engine"
          + " to use containers, images and volumes";

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    ErrorReply.send(response, answer(RequestPath.parse(request.getHttpURI()).parts()), callback);
    return true;
  }

  private static ApiRejection answer(List<String> parts) {
    return !parts.isEmpty() && ENGINE_PATHS.contains(parts.getFirst())
        ? ApiRejection.unavailable(SENTENCE)
        : ApiRejection.notFound("page not found");
  }
}
