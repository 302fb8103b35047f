package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.net.Subnet;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineSubnetsTest {
  @Test
  void theMachinesOwnAreKnown() throws SocketException {
    Optional<InterfaceAddress> own =
        NetworkInterface.networkInterfaces()
            .filter(each -> each.getName().startsWith("eth"))
            .flatMap(each -> each.getInterfaceAddresses().stream())
            .filter(each -> each.getAddress().getAddress().length == 4)
            .findFirst();
    own.ifPresent(
        each ->
            assertTrue(
                MachineSubnets.inside(subnet(each.getAddress().getHostAddress() + "/30"))
                    .orElse("")
                    .startsWith(each.getAddress().getHostAddress())));
  }

  @Test
  void otherSubnetsAndThoseOfEnginesAreFree() {
    // For documentation only: nobody is there.
    assertEquals(Optional.empty(), MachineSubnets.inside(subnet("203.0.113.0/24")));
    assertEquals(Optional.empty(), MachineSubnets.inside(subnet("127.0.0.0/24")));
  }

  private static Subnet subnet(String text) {
    return Subnet.parse(text).orElseThrow();
  }
}
