package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each field of each message that a manager takes, too long, too many, out of range, or missing:
 * the caller is told, and afterwards the leader still leads and a write succeeds.
 */
@Timeout(300)
class HostileMessagesTest {
  static Stream<String> services() {
    return Calls.methods().map(MethodDescriptor::getServiceName).map(String::valueOf).distinct();
  }

  @ParameterizedTest
  @MethodSource("services")
  void everyFieldOfEveryMessage(String service) {
    try (Besieged manager = new Besieged()) {
      List<MethodDescriptor<?, ?>> methods =
          Calls.methods().filter(each -> service.equals(each.getServiceName())).toList();
      for (MethodDescriptor<?, ?> method : methods) {
        Message base = manager.base(method);
        attack(manager, method, "as it should be", base);
        FieldAttacks.on(base, (what, message) -> attack(manager, method, what, message));
      }
      assertTrue(manager.attacks() >= methods.size());
      assertEquals(0, manager.faults(), "mistakes of ours, contained");
    }
  }

  private static void attack(
      Besieged manager, MethodDescriptor<?, ?> method, String what, Message message) {
    String told = method.getFullMethodName() + ", " + what;
    Calls.Answer answer = manager.attack(method, message);
    assertFalse(answer.isOurMistake(), () -> told + ": " + answer.status());
    assertTrue(manager.leads(), told);
    assertEquals(0, manager.faults(), () -> told + ": a mistake of ours, contained");
  }
}
