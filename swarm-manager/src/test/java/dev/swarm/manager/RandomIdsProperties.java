package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Laws of identifiers. */
class RandomIdsProperties {
  @Property
  void anyBytesMakeAnId(@ForAll @Size(17) byte[] bytes) {
    String id = new RandomIds(new Fixed(bytes)).next();
    assertTrue(id.matches("[0-9a-z]{25}"), id);
  }

  @Example
  void idsDifferAndUseEveryDigitInFront() {
    RandomIds ids = new RandomIds(new SecureRandom());
    Set<String> seen = new HashSet<>();
    Set<Character> first = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      String id = ids.next();
      assertTrue(seen.add(id));
      first.add(id.charAt(0));
    }
    assertTrue(first.size() == 36, "first digits: " + first);
  }

  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    Fixed(byte[] bytes) {
      this.bytes = Arrays.copyOf(bytes, bytes.length);
    }

    @Override
    public void nextBytes(byte[] target) {
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }
}
