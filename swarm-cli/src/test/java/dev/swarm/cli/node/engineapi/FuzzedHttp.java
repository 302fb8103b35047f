package dev.swarm.cli.node.engineapi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Bytes for the socket: requests in which something is wrong, or everything. */
final class FuzzedHttp {
  private static final List<String> METHODS =
      List.of(
          "GET",
          "POST",
          "HEAD",
          "PUT",
          "DELETE",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "PRI",
          "get",
          "G\u0000T",
          "",
          " ",
          "BREW",
          "X".repeat(9000));

  private static final List<String> TARGETS =
      List.of(
          "/_ping",
          "/services",
          "/services/x",
          "/services/create",
          "/v1.41/nodes",
          "/v1.41",
          "/swarm/init",
          "/networks/create",
          "/containers/json",
          "/",
          "*",
          "",
          "//",
          "///services",
          "/../_ping",
          "/services/../_ping",
          "/services/..%2f..%2f_ping",
          "/services/%2e%2e/x",
          "/%00",
          "/services/a%00b",
          "/services/%",
          "/services/%zz",
          "/services/%ff%fe",
          "/a;b=c/d",
          "/services/%c0%ae%c0%ae",
          "/services?filters=%7B%7D",
          "/services?filters=%",
          "/services?&&=&=",
          "/services?filters=%ff",
          "/services?version=%00",
          "http://elsewhere/_ping",
          "http://docker/services",
          "http://[::1",
          "unix:///x",
          "elsewhere:80",
          "/v1.999999999999/info",
          "/v1./info",
          "/v.1/info",
          "/v1.41//info",
          "/services#x",
          "/é",
          "/\\..\\x",
          "/a b c",
          "/" + "a/".repeat(3000),
          "/" + "x".repeat(9000),
          "/events?until=1",
          "/events?since=99999999999&until=99999999999",
          "/services/x/logs?stdout=1&tail=99999999999",
          "/tasks?filters=" + "%5B".repeat(3000));

  private static final List<String> VERSIONS =
      List.of(
          " HTTP/1.1",
          " HTTP/1.1",
          " HTTP/1.0",
          "",
          " HTTP/0.9",
          " HTTP/2.0",
          " HTTP/1.2",
          " HTTP/11",
          " HTP/1.1",
          " HTTP/1.1 x",
          " http/1.1");

  private static final List<String> HEADERS =
      List.of(
          "Host: docker",
          "Host: docker",
          "Host:",
          "Host: a b",
          "Host: \u0000",
          "Host: x\r\nHost: y",
          "Host: [::1",
          "Content-Type: application/json",
          "Content-Type: ;;;",
          "Connection: close",
          "Connection: Upgrade\r\nUpgrade: tcp",
          "Connection: Upgrade\r\nUpgrade: h2c",
          "Connection: Upgrade\r\nUpgrade: websocket",
          "Expect: 100-continue",
          "Expect: nothing",
          "Content-Length: 5",
          "Content-Length: 5\r\nContent-Length: 6",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Content-Length: 4294967301",
          "Content-Length: x",
          "Content-Length: 0x5",
          "Content-Length:",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 5",
          "Transfer-Encoding: gzip",
          "Transfer-Encoding: chunked, chunked",
          "Transfer-Encoding: identity",
          "Content-Encoding: gzip",
          ": empty",
          "No colon",
          " folded: x",
          "A: b\r\n c",
          "A : b",
          "A\u0000: b",
          "A: b\u0000c",
          "X-Registry-Auth: \u00ff\u00fe",
          "X-Meta-\u00e9: x",
          "Big: " + "x".repeat(100_000),
          "Cookie: " + "a=b;".repeat(1000),
          "Range: bytes=0-",
          "Forwarded: for=\"",
          "Accept: */*;q=x");

  private static final List<String> BODIES =
      List.of(
          "",
          "",
          "{}",
          "hello",
          "hello, and more",
          "5\r\nhello\r\n0\r\n\r\n",
          "5\r\nhel",
          "fffffffffffffffff\r\nx",
          "-5\r\nhello\r\n0\r\n\r\n",
          "zz\r\n",
          "5;a=b\r\nhello\r\n0\r\nT: x\r\n\r\n",
          "5\r\nhello0\r\n\r\n",
          "5\nhello\n0\n\n",
          "\u0000\u0000\u0000\u0000",
          "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n");

  private FuzzedHttp() {}

  static byte[] draw(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (random.nextInt(10) == 0) {
      byte[] noise = new byte[random.nextInt(3000)];
      random.nextBytes(noise);
      out.writeBytes(noise);
      return out.toByteArray();
    }
    for (int requests = 1 + random.nextInt(2); requests > 0; requests--) {
      out.writeBytes(request(random).getBytes(StandardCharsets.ISO_8859_1));
    }
    byte[] all = out.toByteArray();
    if (random.nextInt(5) == 0 && all.length > 0) {
      all[random.nextInt(all.length)] = (byte) random.nextInt(256);
    }
    return all;
  }

  private static String request(Random random) {
    String end = random.nextInt(15) == 0 ? "\n" : "\r\n";
    StringBuilder request = new StringBuilder();
    request.append(mostlyFirst(random, METHODS)).append(' ').append(one(random, TARGETS));
    request.append(mostlyFirst(random, VERSIONS)).append(end);
    request.append(mostlyFirst(random, HEADERS)).append(end);
    for (int headers = random.nextInt(3); headers > 0; headers--) {
      request.append(one(random, HEADERS)).append(end);
    }
    if (random.nextInt(20) == 0) {
      for (int i = 0; i < 3000; i++) {
        request.append("H").append(i).append(": v").append(end);
      }
    }
    request.append(end).append(one(random, BODIES));
    String text = request.toString();
    return random.nextInt(8) == 0 ? text.substring(0, random.nextInt(text.length())) : text;
  }

  /** The first ones are as they should be. */
  private static String mostlyFirst(Random random, List<String> of) {
    return of.get(random.nextInt(random.nextInt(5) > 0 ? 2 : of.size()));
  }

  private static String one(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }
}
