package dev.swarm.cli.node.engineapi;

import dev.swarm.cli.node.engineapi.http.ApiHandler;
import dev.swarm.cli.node.engineapi.http.ErrorReply;
import dev.swarm.cli.node.engineapi.http.HeadTimeout;
import dev.swarm.cli.node.engineapi.http.Route;
import dev.swarm.cli.node.engineapi.http.ServerIdentity;
import dev.swarm.cli.node.engineapi.http.SocketFile;
import dev.swarm.cli.node.engineapi.http.TlsFiles;
import dev.swarm.cli.node.engineapi.proxy.BlankHostConnections;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import dev.swarm.cli.node.engineapi.proxy.Versions;
import dev.swarm.cli.node.engineapi.proxy.WithoutEngine;
import dev.swarm.cli.node.engineapi.routes.LocalMembership;
import dev.swarm.cli.node.engineapi.routes.RouteTable;
import dev.swarm.cli.node.engineapi.routes.SwarmEventReader;
import dev.swarm.cli.node.engineapi.routes.SwarmEvents;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.IdSource;
import io.grpc.Channel;
import io.grpc.Context;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP server for the swarm part of the Docker Engine API, on any number of unix sockets and TCP
 * addresses. Each request runs on a virtual thread of its own.
 */
public final class EngineApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineApiServer.class);
  private static final int HEADER_BYTES_MAX = 64 << 10;
  private static final int SELECTORS = 1;

  /** For TLS and the head of the first request; a client sends it at once. */
  private static final long HEAD_MILLIS_MAX = 60_000;

  private static final int TCP_CONNECTIONS_MAX = 1000;

  private final Server server;
  private final Context.CancellableContext serving;

  private final List<Route> routes;

  private EngineApiServer(Server server, Context.CancellableContext serving, List<Route> routes) {
    this.server = server;
    this.serving = serving;
    this.routes = routes;
  }

  /**
   * Where to listen.
   *
   * @param sockets unix sockets, mode 0660
   */
  public record Listen(List<Path> sockets, List<Tcp> tcp) {
    public Listen {
      sockets = List.copyOf(sockets);
      tcp = List.copyOf(tcp);
    }

    private List<String> open() {
      return tcp.stream().filter(Tcp::isOpenToStrangers).map(Tcp::hostAndPort).toList();
    }

    @Override
    public String toString() {
      return Stream.concat(
              sockets.stream().map(path -> "unix://" + path), tcp.stream().map(Tcp::toString))
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * A TCP address.
   *
   * @param address resolved; port 0 for any
   * @param tls without it anyone who reaches the address is let in
   */
  public record Tcp(InetSocketAddress address, Optional<TlsFiles> tls) {
    private boolean isOpenToStrangers() {
      return tls.isEmpty() && !address.getAddress().isLoopbackAddress();
    }

    private String hostAndPort() {
      return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
    }

    @Override
    public String toString() {
      return "tcp://" + hostAndPort() + (tls.isPresent() ? " with TLS" : "");
    }
  }

  /**
   * Binds every address and serves; if one cannot be bound, none stays bound.
   *
   * @param leader a channel to the swarm's leader, asked for at each call while this node is a
   *     manager
   * @param engine what answers the rest of the API; without one those paths say 503
   * @throws IOException in a sentence for the user who started the daemon
   */
  public static EngineApiServer start(
      Listen listen,
      ServerIdentity identity,
      LocalMembership node,
      Supplier<Channel> leader,
      IdSource ids,
      Clock clock,
      Optional<InnerEngine> engine)
      throws IOException {
    Server server = new Server(new VirtualThreadPool());
    Context.CancellableContext serving = Context.ROOT.withCancellation();
    List<SocketFile> files = listen.sockets().stream().map(SocketFile::new).toList();
    for (SocketFile file : files) {
      file.makeWay();
      server.addConnector(unixConnector(server, file.path()));
    }
    for (Tcp tcp : listen.tcp()) {
      server.addConnector(tcpConnector(server, tcp));
    }
    Handler elsewhere = engine.map(InnerEngine::passThrough).orElseGet(WithoutEngine::new);
    Versions versions = new Versions(identity, engine);
    engine.ifPresent(inner -> inner.startWith(server));
    SwarmEvents events =
        new SwarmEvents(node, leader, new SwarmEventReader(clock), serving, server.getScheduler());
    List<Route> routes =
        RouteTable.of(versions, node, leader, ids, events, clock, listen.open(), serving);
    server.setHandler(
        new HeadTimeout(new ApiHandler(identity, versions::advertised, routes, elsewhere)));
    server.setErrorHandler(new ErrorReply());
    EngineApiServer running = new EngineApiServer(server, serving, routes);
    try {
      server.start();
      for (SocketFile file : files) {
        file.restrict();
      }
      events.attend();
      return running;
    } catch (Exception e) {
      running.close();
      throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
    }
  }

  /** Every operation that is answered here, as method and pattern. */
  List<String> operations() {
    return routes.stream()
        .map(route -> route.method() + " /" + String.join("/", route.pattern()))
        .toList();
  }

  /** The TCP ports that were bound, in the order asked for. */
  public List<Integer> tcpPorts() {
    List<Integer> ports = new ArrayList<>();
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof ServerConnector tcp) {
        ports.add(tcp.getLocalPort());
      }
    }
    return ports;
  }

  /** Stops listening, cuts open requests off and removes the sockets. */
  @Override
  public void close() throws IOException {
    var _ = serving.cancel(null);
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("the API server did not stop: " + e.getMessage(), e);
    }
  }

  private static Connector unixConnector(Server server, Path path) {
    var connector = new UnixDomainServerConnector(server, SELECTORS, SELECTORS, http());
    connector.setUnixDomainPath(path);
    connector.setIdleTimeout(0);
    return connector;
  }

  private static Connector tcpConnector(Server server, Tcp tcp) throws IOException {
    if (tcp.isOpenToStrangers()) {
      LOG.warn(
          "{} has neither TLS nor a password: everyone who can reach it is root on this machine",
          tcp);
    } else if (tcp.tls().isEmpty()) {
      LOG.warn(
          "{} has neither TLS nor a password: every user and program of this machine that can"
              + " reach it is root here; unix sockets have permissions",
          tcp);
    }
    ConnectionFactory[] factories =
        tcp.tls().isPresent()
            ? AbstractConnectionFactory.getFactories(tcp.tls().get().open(), http())
            : new ConnectionFactory[] {http()};
    var connector = new ServerConnector(server, SELECTORS, SELECTORS, factories);
    connector.setHost(tcp.address().getAddress().getHostAddress());
    connector.setPort(tcp.address().getPort());
    connector.setIdleTimeout(HEAD_MILLIS_MAX);
    server.addBean(new NetworkConnectionLimit(TCP_CONNECTIONS_MAX, connector));
    return connector;
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(HEADER_BYTES_MAX);
    // Docker's client sends a socket's path as its Host.
    configuration.setHttpCompliance(
        HttpCompliance.RFC7230.with(
            "engine",
            HttpCompliance.Violation.UNSAFE_HOST_HEADER,
            HttpCompliance.Violation.MISMATCHED_AUTHORITY));
    // Clients write an image's name with its slashes encoded, and it is the engine that reads it.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    // Jetty would refuse a Host that is not in our certificate; whose it is, the client checks.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    return new BlankHostConnections(configuration);
  }
}
