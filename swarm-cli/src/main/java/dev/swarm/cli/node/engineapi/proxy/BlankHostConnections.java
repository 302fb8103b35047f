package dev.swarm.cli.node.engineapi.proxy;

import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP connections that take a Host header without a value, which Docker's client up to 20.10 sends
 * when it is about to take a connection over (exec, attach). Jetty has no setting for it.
 */
public final class BlankHostConnections extends HttpConnectionFactory {
  /** What newer clients send on a unix socket. */
  private static final HttpField HOST = new HostPortHttpField("docker");

  public BlankHostConnections(HttpConfiguration configuration) {
    super(configuration);
    // A connection that comes back from the engine may bring as much.
    setInputBufferSize(EngineTunnel.BUFFER_BYTES);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(
        new Tolerant(getHttpConfiguration(), connector, endPoint), connector, endPoint);
  }

  private static final class Tolerant extends HttpConnection {
    Tolerant(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new RequestHandler() {
        @Override
        public void parsedHeader(HttpField field) {
          boolean blank =
              field.getHeader() == HttpHeader.HOST
                  && (field.getValue() == null || field.getValue().isBlank());
          super.parsedHeader(blank ? HOST : field);
        }
      };
    }
  }
}
