package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.daemon.ListenHosts.TcpFlags;
import dev.swarm.cli.node.engineapi.EngineApiServer.Listen;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenHostsTest {
  private static final TcpFlags TLS = new TcpFlags(true, "ca", "cert", "key", false);
  private static final TcpFlags INSECURE = new TcpFlags(false, "", "", "", true);

  @Test
  void spellingsOfDockerdAreKnown() {
    Listen listen =
        ListenHosts.parse(
            List.of(
                "unix:///run/a.sock",
                "/run/b.sock",
                "tcp://127.0.0.1:2000",
                "tcp://[::1]:3/",
                "127.0.0.1:2001",
                "unix:///run/a.sock"),
            TcpFlags.NONE);
    assertEquals(List.of(Path.of("/run/a.sock"), Path.of("/run/b.sock")), listen.sockets());
    assertEquals(2000, listen.tcp().get(0).address().getPort());
    assertEquals(3, listen.tcp().get(1).address().getPort());
    assertEquals(2001, listen.tcp().get(2).address().getPort());
  }

  @Test
  void portsAreDockersUnlessSaid() {
    assertEquals(2375, port("tcp://127.0.0.1", TcpFlags.NONE));
    assertEquals(2376, port("tcp://127.0.0.1", TLS));
    assertEquals(2375, port("tcp://[::1]", TcpFlags.NONE));
  }

  private static int port(String host, TcpFlags flags) {
    return ListenHosts.parse(List.of(host), flags).tcp().getFirst().address().getPort();
  }

  @Test
  void everybodyIsLetInOnlyWhenSaidSo() {
    assertTrue(
        ListenHosts.parse(List.of("tcp://:2375"), INSECURE)
            .tcp()
            .getFirst()
            .address()
            .getAddress()
            .isAnyLocalAddress());
    assertTrue(ListenHosts.parse(List.of("tcp://0.0.0.0"), TLS).tcp().getFirst().tls().isPresent());
    assertTrue(refusal("tcp://0.0.0.0:2375", TcpFlags.NONE).contains("root here"));
    assertTrue(refusal("tcp://:2375", TcpFlags.NONE).contains("--insecure-tcp"));
  }

  @ParameterizedTest
  @CsvSource({
    "fd://, systemd",
    "run/a.sock, absolute",
    "http://x, tcp://ADDRESS:PORT",
    "tcp://127.0.0.1:x, no valid port",
    "tcp://127.0.0.1:70000, no valid port",
    "tcp://no.such.host.invalid:1, no address",
  })
  void mistakesAreSaid(String host, String part) {
    assertTrue(refusal(host, INSECURE).contains(part), refusal(host, INSECURE));
  }

  @Test
  void tlsIsWholeOrNotAtAll() {
    String unix = "unix:///run/a.sock";
    assertTrue(refusal(unix, new TcpFlags(false, "", "cert", "", false)).contains("--tlsverify"));
    assertTrue(refusal(unix, new TcpFlags(true, "ca", "", "key", false)).contains("--tlscert"));
    assertTrue(refusal(unix, TLS).contains("names none"));
  }

  private static String refusal(String host, TcpFlags flags) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> ListenHosts.parse(List.of(host), flags))
            .getMessage());
  }
}
