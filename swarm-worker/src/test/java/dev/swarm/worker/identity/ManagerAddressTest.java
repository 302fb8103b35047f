package dev.swarm.worker.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings of a manager's address. */
class ManagerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:2377, 10.0.0.1, 2377",
    "10.0.0.1, 10.0.0.1, 2377",
    "manager.example:4000, manager.example, 4000",
    "[::1]:2378, ::1, 2378",
    "[fe80::1], fe80::1, 2377",
    "fe80::1, fe80::1, 2377",
    "' 10.0.0.1:1 ', 10.0.0.1, 1",
  })
  void isRead(String text, String host, int port) throws JoinException {
    ManagerAddress address = ManagerAddress.parse(text);
    assertEquals(new ManagerAddress(host, port), address);
    assertEquals(address, ManagerAddress.parse(address.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":2377",
        "host:",
        "host:0",
        "host:65536",
        "host:-1",
        "host:12x",
        "[::1",
        "[]:1",
        "[::1]x",
        "tcp://10.0.0.1:2377",
        "a b:1",
        "host:000001",
      })
  void isRefused(String text) {
    JoinException refused = assertThrows(JoinException.class, () -> ManagerAddress.parse(text));
    assertEquals(JoinException.Kind.ADDRESS, refused.kind());
    assertTrue(refused.getMessage().contains("expected host:port"));
  }
}
