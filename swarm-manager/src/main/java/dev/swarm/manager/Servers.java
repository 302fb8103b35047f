package dev.swarm.manager;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.wire.Bounds;
import dev.swarm.manager.ca.NodeCaService;
import dev.swarm.manager.edge.Edge;
import dev.swarm.manager.members.LeaderGate;
import dev.swarm.manager.tls.Authority;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.CallerAddress;
import dev.swarm.manager.tls.ManagerPort;
import dev.swarm.manager.tls.OpenCalls;
import dev.swarm.manager.tls.PortLoops;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.WatchGrpc;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Serves a manager's gRPC services: in its own JVM, and on its one port if it has one. */
final class Servers implements AutoCloseable {
  private static final int SHUTDOWN_SECONDS_MAX = 3;

  /** The services that a manager calls on behalf of people. */
  private static final Set<String> FOR_PEOPLE =
      Set.of(ControlGrpc.SERVICE_NAME, WatchGrpc.SERVICE_NAME, LogsGrpc.SERVICE_NAME);

  private final List<Server> servers = new ArrayList<>();
  private final Edge edge;
  private Optional<PortLoops> loops = Optional.empty();

  private Servers(Edge edge) {
    this.edge = edge;
  }

  /**
   * @param services what stands behind the gate, in both places
   * @param log what other managers' logs call, on the port only
   * @param calls the last word on who may call what, and for how long
   * @param edge bounds what comes from outside
   * @throws IOException if the port is taken, in a sentence for people
   */
  static Servers open(
      ManagerOptions options,
      String localName,
      List<BindableService> services,
      Optional<BindableService> log,
      LeaderGate gate,
      Authority authority,
      OpenCalls calls,
      Edge edge)
      throws IOException {
    Servers opened = new Servers(edge);
    try {
      InProcessServerBuilder local =
          InProcessServerBuilder.forName(localName).intercept(asManager(options.identity()));
      opened.start(local, services, gate, calls);
      if (options.listen().isPresent()) {
        InetSocketAddress address = options.listen().get();
        NettyServerBuilder port = ManagerPort.builder(address, options.identity(), authority);
        PortLoops loops = new PortLoops();
        opened.loops = Optional.of(loops);
        loops.serve(port);
        edge.guard(port);
        log.ifPresent(
            service -> port.addService(edge.guard(service.bindService(), Optional.empty())));
        try {
          opened.start(port, services, gate, calls);
        } catch (IOException e) {
          throw new IOException("listen tcp " + HostPort.of(address) + ": " + reason(e), e);
        }
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void start(
      ServerBuilder<?> server, List<BindableService> services, LeaderGate gate, OpenCalls calls)
      throws IOException {
    for (BindableService service : services) {
      ServerServiceDefinition behind =
          ServerInterceptors.intercept(
              service, calls, gate, NodeCaService.program(), new CallerAddress());
      server.addService(edge.guard(behind, Optional.of(bounds(behind))));
    }
    servers.add(server.build().start());
  }

  private static Bounds bounds(ServerServiceDefinition service) {
    return FOR_PEOPLE.contains(service.getServiceDescriptor().getName())
        ? Bounds.OF_PEOPLE
        : Bounds.OF_NODES;
  }

  private static String reason(IOException e) {
    return e.getCause() instanceof BindException cause
        ? "bind: " + String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT)
        : String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
  }

  /** Whoever holds the local channel is this manager. */
  private static ServerInterceptor asManager(IdentityHolder identity) {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Caller self = new Caller.Node(identity.current().certificate(), NodeRole.MANAGER);
        return Contexts.interceptCall(
            Context.current().withValue(Caller.KEY, self), call, headers, next);
      }
    };
  }

  /** Every method that is to be had on the port listened on. */
  List<MethodDescriptor<?, ?>> portMethods() {
    return servers.stream()
        .filter(server -> server.getPort() > 0)
        .flatMap(server -> server.getServices().stream())
        .flatMap(service -> service.getMethods().stream())
        .<MethodDescriptor<?, ?>>map(ServerMethodDefinition::getMethodDescriptor)
        .toList();
  }

  /** The port listened on, if one is. */
  Optional<Integer> port() {
    return servers.stream().map(Server::getPort).filter(port -> port > 0).findFirst();
  }

  /** Completes when what had arrived at the port before has been read. */
  CompletionStage<Void> caughtUp() {
    return loops.map(PortLoops::caughtUp).orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  /** Lets calls end for a few seconds, then ends them. */
  @Override
  public void close() {
    servers.forEach(Server::shutdown);
    for (Server server : servers) {
      try {
        if (!server.awaitTermination(SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS)) {
          server.shutdownNow();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        server.shutdownNow();
      }
    }
    loops.ifPresent(PortLoops::close);
  }
}
