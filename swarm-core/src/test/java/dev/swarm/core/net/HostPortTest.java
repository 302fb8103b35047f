package dev.swarm.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings of a host and its port. */
class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:2377, 10.0.0.1, 2377",
    "10.0.0.1, 10.0.0.1, 9",
    "tcp://10.0.0.1:1, 10.0.0.1, 1",
    "manager.example:4000, manager.example, 4000",
    "eth0@if7:65535, eth0@if7, 65535",
    "[::1]:2378, ::1, 2378",
    "[fe80::1], fe80::1, 9",
    "[fe80::1%eth0.1]:2, fe80::1%eth0.1, 2",
    "fe80::1, fe80::1, 9",
    "::ffff:10.0.0.1, ::ffff:10.0.0.1, 9",
    "':2375', '', 2375",
    "' 10.0.0.1:1 ', 10.0.0.1, 1",
  })
  void isRead(String text, String host, int port) {
    HostPort read = HostPort.parse(text, 9);
    assertEquals(new HostPort(host, port), read);
    assertEquals(read, HostPort.parse(read.toString(), 7));
  }

  @ParameterizedTest
  @CsvSource({
    "host:, port",
    "host:0, port",
    "host:65536, port",
    "host:-1, port",
    "host:12x, port",
    "host:000001, port",
    "[::1]x, port",
    "[::1]:, port",
    "[::1, interface",
    "[]:1, brackets",
    "[host]:1, brackets",
    "a b:1, interface",
    "http://h, port",
    "1:2:x, interface",
    "127.0.0.1:2377:9, interface",
    "1:2:3:4:5:6:7:8:9, interface",
    "[1:2]:3, brackets",
  })
  void isRefused(String text, String why) {
    String message = refusal(() -> HostPort.parse(text, 9));
    assertTrue(message.contains(why), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ":2377", "eth0@if7:1", "[::1", "host:0"})
  void whatIsDialledHasAHost(String text) {
    assertTrue(refusal(() -> HostPort.manager(text)).contains("expected host:port"));
    assertTrue(!refusal(() -> HostPort.exact(text)).isEmpty());
  }

  @Test
  void whereAPortGoesWithoutSaying() {
    assertEquals(new HostPort("h", 2377), HostPort.manager("h"));
    assertTrue(refusal(() -> HostPort.exact("h")).contains("port"));
  }

  @Test
  void ofASocket() throws UnknownHostException {
    InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("::1"), 5);
    assertEquals("[0:0:0:0:0:0:0:1]:5", HostPort.of(six).toString());
  }

  private static String refusal(org.junit.jupiter.api.function.Executable what) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, what).getMessage());
  }
}
