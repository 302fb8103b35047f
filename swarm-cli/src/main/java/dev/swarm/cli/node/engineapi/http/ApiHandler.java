package dev.swarm.cli.node.engineapi.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Finds the route of each request, runs it and turns exceptions into error replies. What is not in
 * the table goes to the inner engine, untouched.
 */
public final class ApiHandler extends Handler.Wrapper {
  private final ServerIdentity identity;
  private final Supplier<ServerIdentity> advertised;
  private final List<Route> routes;

  /**
   * @param identity with the versions served
   * @param advertised with those that clients are told of
   * @param elsewhere answers what is not ours
   */
  public ApiHandler(
      ServerIdentity identity,
      Supplier<ServerIdentity> advertised,
      List<Route> routes,
      Handler elsewhere) {
    super(elsewhere);
    this.identity = identity;
    this.advertised = advertised;
    this.routes = List.copyOf(routes);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    RequestPath path;
    try {
      path = RequestPath.parse(request.getHttpURI());
    } catch (IllegalArgumentException e) {
      ErrorReply.send(
          response, ApiRejection.badRequest("the path is not valid: " + e.getMessage()), callback);
      return true;
    }
    for (Route route : routes) {
      Optional<Map<String, String>> variables = route.match(request.getMethod(), path.parts());
      if (variables.isPresent()) {
        return run(route, variables.get(), path, request, response, callback);
      }
    }
    return super.handle(request, response, callback);
  }

  private boolean run(
      Route route,
      Map<String, String> variables,
      RequestPath path,
      Request request,
      Response response,
      Callback callback)
      throws Exception {
    ServerIdentity told = advertised.get();
    response.getHeaders().put("Server", "Swarm/" + identity.program() + " (linux)");
    response.getHeaders().put("Api-Version", told.apiVersion());
    response.getHeaders().put("Ostype", "linux");
    response.getHeaders().put("Docker-Experimental", "false");
    try {
      int apiMinor = path.apiMinor(identity, told);
      requireVersion(route, apiMinor);
      requireNames(route, variables);
      Exchange exchange = new Exchange(request, response, variables, apiMinor);
      route.action().run(exchange);
      if (exchange.passedOn()) {
        response.reset();
        return super.handle(request, response, callback);
      }
      callback.succeeded();
    } catch (IOException e) {
      // The client went away: nobody is left to tell.
      callback.failed(e);
    } catch (RuntimeException e) {
      fail(request, response, callback, e);
    }
    return true;
  }

  private static void requireVersion(Route route, int apiMinor) {
    if (apiMinor < route.sinceMinor()) {
      throw ApiRejection.badRequest(
          "/"
              + String.join("/", route.pattern())
              + " requires API version 1."
              + route.sinceMinor()
              + ", but the request is of version 1."
              + apiMinor);
    }
  }

  /** An empty name would be the beginning of every id. */
  private static void requireNames(Route route, Map<String, String> variables) {
    if (variables.values().stream().anyMatch(String::isBlank)) {
      throw ApiRejection.unnamed(route.kind());
    }
  }

  private static void fail(
      Request request, Response response, Callback callback, RuntimeException failure) {
    if (response.isCommitted()) {
      callback.failed(failure);
      return;
    }
    ErrorReply.send(response, ErrorReply.rejection(request, failure), callback);
  }
}
