package dev.swarm.cli.node.engineapi.http;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lifts the connector's idle limit from a connection that has made a request: a log, events or a
 * terminal may be silent for days. Before that the limit counts, so that nobody holds a place by
 * saying nothing, or a letter a minute; with TLS only who has a certificate comes so far.
 */
public final class HeadTimeout extends Handler.Wrapper {
  public HeadTimeout(Handler next) {
    super(next);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    request.getConnectionMetaData().getConnection().getEndPoint().setIdleTimeout(0);
    return super.handle(request, response, callback);
  }
}
