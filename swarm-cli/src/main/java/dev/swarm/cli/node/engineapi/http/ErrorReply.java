package dev.swarm.cli.node.engineapi.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.swarm.cli.node.engineapi.json.BadJson;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes error replies. The body is {@code {"message": "…"}}, whoever found the error. */
public final class ErrorReply extends ErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorReply.class);

  private static final int SENTENCE_MAX = 1000;

  /** What a failed handler's exception tells the client. */
  static ApiRejection rejection(Request request, Exception failure) {
    return switch (failure) {
      case HttpException http ->
          new ApiRejection(http.getCode(), "bad request: " + http.getReason());
      case ApiRejection rejection -> rejection;
      case BadJson bad -> ApiRejection.badRequest(String.valueOf(bad.getMessage()));
      case StatusRuntimeException grpc -> GrpcErrors.rejection(grpc);
      default -> {
        LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), failure);
        yield new ApiRejection(
            500, "the daemon failed to answer: " + failure + "; its log has the details");
      }
    };
  }

  /** One line of bounded length, whatever the client had us repeat. */
  private static String line(String sentence) {
    String line = sentence.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > SENTENCE_MAX ? line.substring(0, SENTENCE_MAX) + "…" : line;
  }

  public static void send(Response response, ApiRejection rejection, Callback callback) {
    byte[] body;
    try {
      body =
          Body.write(
              JsonNodeFactory.instance.objectNode().put("message", line(rejection.sentence())));
    } catch (IOException e) {
      callback.failed(e);
      return;
    }
    response.setStatus(rejection.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** For what Jetty itself refuses: a request line it cannot parse, headers too large. */
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Object message = request.getAttribute(ERROR_MESSAGE);
    String reason = message == null ? HttpStatus.getMessage(status) : message.toString();
    send(response, new ApiRejection(status, reason), callback);
    return true;
  }
}
