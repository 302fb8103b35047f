package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever bytes are sent to whatever method: the manager goes on leading, a write succeeds, and
 * what is a message gets an answer that is no mistake of ours. A short run; for a long one set
 * {@code -Dswarm.fuzz.messages} to the number of messages a try.
 */
class HostileMessagesProperties {
  private static final int MESSAGES_A_TRY = Integer.getInteger("swarm.fuzz.messages", 10);
  private static final int TASKS_MAX = 2_000;
  private static final List<MethodDescriptor<?, ?>> METHODS = Calls.methods().toList();

  private static Besieged manager = new Besieged();

  @Property(tries = 60)
  void noMessageEndsAManager(@ForAll long seed) {
    Random dice = new Random(seed);
    for (int i = 0; i < MESSAGES_A_TRY; i++) {
      attack(METHODS.get(dice.nextInt(METHODS.size())), dice);
      if (manager.tasks() > TASKS_MAX) {
        manager.close();
        manager = new Besieged();
      }
    }
  }

  private static void attack(MethodDescriptor<?, ?> method, Random dice) {
    Message base = manager.base(method);
    FuzzedMessages fuzzed = new FuzzedMessages(dice);
    List<byte[]> messages = new ArrayList<>();
    int count = method.getType().clientSendsOneMessage() ? 1 : 1 + dice.nextInt(3);
    for (int i = 0; i < count; i++) {
      messages.add(fuzzed.meddledWith(base.toByteArray()));
    }
    boolean sound = messages.stream().allMatch(bytes -> FuzzedMessages.isMessage(base, bytes));
    Calls.Answer answer = manager.attack(method, messages);
    String told =
        method.getFullMethodName()
            + " "
            + messages.stream().map(HexFormat.of()::formatHex).toList()
            + ": "
            + answer.status();
    assertTrue(manager.leads(), told);
    assertEquals(0, manager.faults(), told);
    assertFalse(sound && answer.isOurMistake(), told);
  }

  @AfterContainer
  static void close() {
    manager.close();
  }
}
