package dev.swarm.cli.node.engineapi.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.cli.node.engineapi.proxy.MessageEnd.State;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageEndTest {
  /** However the bytes are cut, the message ends at the bar, or with its connection. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "request!GET / HTTP/1.1_Host: x__|GET / HT",
        "request!POST / HTTP/1.1_Host: x__|body?",
        "request!POST / HTTP/1.1_Host: x_Content-Length: 4__body|more",
        "request!POST / HTTP/1.1_Host: x_Transfer-Encoding: chunked__2_ab_0_T: v__|more",
        "request!POST / HTTP/1.1_Host: x_Transfer-Encoding: chunked__zz_",
        "request!POST / HTTP/1.1_Host: x_Expect: 100-continue_Content-Length: 4__body|",
        "reply!HTTP/1.1 200 OK_Content-Length: 2__{}|HTTP",
        "reply!HTTP/1.1 200 OK_Content-Length: 0__|",
        "reply!HTTP/1.1 204 No Content__|x",
        "reply!HTTP/1.1 304 Not Modified_Content-Length: 7__|x",
        "reply!HTTP/1.1 200 OK_Transfer-Encoding: chunked__2_ab_0__|x",
        "reply!HTTP/1.1 200 OK_Transfer-Encoding: chunked__2;a=b_ab_0_T: v__|x",
        "reply!HTTP/1.1 100 Continue__HTTP/1.1 200 OK_Content-Length: 1__x|y",
        "reply!HTTP/1.1 103 Early_Link: a__HTTP/1.1 100 Continue__HTTP/1.1 204 None__|y",
        "head!HTTP/1.1 200 OK_Content-Length: 7__|x",
        "head!HTTP/1.1 200 OK__|x",
        "head!HTTP/1.1 100 Continue__HTTP/1.1 200 OK_Transfer-Encoding: chunked__|x",
        "reply!HTTP/1.1 200 OK__until the end",
        "reply!HTTP/1.1 100 Continue__HTTP/1.1 200 OK__until the end",
        "reply!HTTP/1.1 101 UPGRADED_Connection: Upgrade_Upgrade: tcp__raw",
        "reply!HTTP/1.1 200 OK_Connection: close_Content-Length: 2__{}",
        "reply!HTTP/1.1 200 OK_connection: x, Close_Content-Length: 2__{}",
        "reply!HTTP/1.0 200 OK_Content-Length: 2__{}",
        "reply!SSH-2.0-x_more",
      })
  void itEndsWhereItEnds(String kind, String text) {
    String lines = text.replace("_", "\r\n");
    int end = lines.indexOf('|');
    byte[] bytes = lines.replace("|", "").getBytes(StandardCharsets.US_ASCII);
    for (int cut = 0; cut <= bytes.length; cut++) {
      MessageEnd message =
          kind.equals("request") ? MessageEnd.ofRequest() : MessageEnd.ofReply(kind.equals("head"));
      ByteBuffer first = ByteBuffer.wrap(bytes, 0, cut);
      State state = message.read(first);
      ByteBuffer second = ByteBuffer.wrap(bytes, cut, bytes.length - cut);
      if (state != State.OVER) {
        state = message.read(second);
      }
      int left = first.remaining() + second.remaining();
      assertEquals(end < 0 ? State.ENDLESS : State.OVER, state, lines + " cut at " + cut);
      assertEquals(end < 0 ? left : bytes.length - end, left, lines + " cut at " + cut);
    }
  }
}
