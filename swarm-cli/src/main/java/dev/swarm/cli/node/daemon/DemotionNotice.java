package dev.swarm.cli.node.daemon;

import dev.swarm.manager.tls.Authority;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Supplier;

/**
 * Detects that the leader no longer takes this node for a manager, which may be before anybody has
 * told the node, and tells the caller so.
 */
final class DemotionNotice implements ClientInterceptor {
  private final Runnable noticed;
  private final Supplier<String> sentence;

  /**
   * @param noticed run on gRPC's threads; must not block
   * @param sentence why this node cannot do what managers do
   */
  DemotionNotice(Runnable noticed, Supplier<String> sentence) {
    this.noticed = noticed;
    this.sentence = sentence;
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                super.onClose(told(status), trailers);
              }
            },
            headers);
      }
    };
  }

  private Status told(Status status) {
    if (!Authority.NONE_ANY_MORE.equals(status.getDescription())) {
      return status;
    }
    noticed.run();
    return Status.UNAVAILABLE.withDescription(sentence.get());
  }
}
