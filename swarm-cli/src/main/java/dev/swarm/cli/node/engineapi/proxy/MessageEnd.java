package dev.swarm.cli.node.engineapi.proxy;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;

/** Finds the end of an HTTP message while its bytes pass by. For one thread. */
final class MessageEnd {
  /** What is known of the message. */
  enum State {
    UNDER_WAY,
    /** It has ended, and the next one may begin. */
    OVER,
    /** Only the end of the connection is its end, or it is no HTTP. */
    ENDLESS
  }

  private static final int HEAD_BYTES_MAX = 1 << 20;

  private final HttpParser parser;
  private int status;
  private boolean closes;
  private boolean complete;
  private State state = State.UNDER_WAY;

  private MessageEnd(boolean request) {
    parser =
        request
            ? new HttpParser(new Requests(), HEAD_BYTES_MAX, HttpCompliance.RFC2616_LEGACY)
            : new HttpParser(new Replies(), HEAD_BYTES_MAX, HttpCompliance.RFC2616_LEGACY);
  }

  static MessageEnd ofRequest() {
    return new MessageEnd(true);
  }

  /**
   * The end of the last of all replies to one request, after those that only say to go on.
   *
   * @param toHead the request is a HEAD, so the reply has no body whatever it says
   */
  static MessageEnd ofReply(boolean toHead) {
    MessageEnd reply = new MessageEnd(false);
    reply.parser.setHeadResponse(toHead);
    return reply;
  }

  /** Reads on; once it is over, what is left in {@code bytes} comes after the message. */
  State read(ByteBuffer bytes) {
    while (bytes.hasRemaining() && state == State.UNDER_WAY) {
      int before = bytes.remaining();
      boolean _ = parser.parseNext(bytes);
      if (complete && isInterim()) {
        complete = false;
        parser.reset();
      } else if (complete) {
        state = closes || status == HttpStatus.SWITCHING_PROTOCOLS_101 ? State.ENDLESS : State.OVER;
      } else if (parser.isState(HttpParser.State.EOF_CONTENT) || bytes.remaining() == before) {
        state = State.ENDLESS;
      }
    }
    return state;
  }

  private boolean isInterim() {
    return HttpStatus.isInformational(status) && status != HttpStatus.SWITCHING_PROTOCOLS_101;
  }

  private class Any implements HttpParser.HttpHandler {
    @Override
    public boolean content(ByteBuffer part) {
      return false;
    }

    @Override
    public boolean headerComplete() {
      return false;
    }

    @Override
    public boolean contentComplete() {
      return false;
    }

    @Override
    public boolean messageComplete() {
      complete = true;
      return true;
    }

    @Override
    public void parsedHeader(HttpField field) {}

    /** So the parser calls what is wrong in a body. */
    @Override
    public void earlyEOF() {
      state = State.ENDLESS;
    }

    @Override
    public void badMessage(HttpException failure) {
      state = State.ENDLESS;
    }
  }

  private final class Requests extends Any implements HttpParser.RequestHandler {
    @Override
    public void startRequest(String method, String uri, HttpVersion version) {}
  }

  private final class Replies extends Any implements HttpParser.ResponseHandler {
    @Override
    public void startResponse(HttpVersion version, int code, String reason) {
      status = code;
      closes = version != HttpVersion.HTTP_1_1;
    }

    @Override
    public void parsedHeader(HttpField field) {
      closes |=
          field.getHeader() == HttpHeader.CONNECTION
              && field.contains(HttpHeaderValue.CLOSE.asString());
    }
  }
}
