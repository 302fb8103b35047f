package dev.swarm.core.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of images. */
class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "busybox, '', busybox, '', ''",
    "busybox:1.36, '', busybox, 1.36, ''",
    "me/web:2, '', me/web, 2, ''",
    "docker.io/me/web, docker.io, me/web, '', ''",
    "localhost/web, localhost, web, '', ''",
    "r:5000/a/b, r:5000, a/b, '', ''",
    "r:5000/b:1@sha256:ff, r:5000, b, 1, sha256:ff",
  })
  void isTakenApart(String text, String registry, String path, String tag, String digest) {
    ImageReference read = ImageReference.parse(text);
    assertEquals(registry, read.registry());
    assertEquals(path, read.path());
    assertEquals(tag, read.tag().orElse(""));
    assertEquals(digest, read.digest().orElse(""));
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "busybox, busybox:latest",
    "busybox:1.36, busybox:1.36",
    "docker.io/library/busybox, busybox:latest",
    "index.docker.io/library/busybox, busybox:latest",
    "library/busybox, busybox:latest",
    "docker.io/me/web:2, me/web:2",
    "localhost:5000/web, localhost:5000/web:latest",
    "localhost:5000/library/web:3, localhost:5000/library/web:3",
    "web@sha256:0123, web@sha256:0123",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,"
        + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  })
  void aSpecNamesTheTagItMeans(String text, String normalized) {
    assertEquals(normalized, ImageReference.normalized(text));
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io/library/web:1@sha256:ff, web:1",
    "docker.io/library/web@sha256:ff, web@sha256:ff",
    "r.example/web:1@sha256:ff, r.example/web:1",
  })
  void peopleReadTheTag(String text, String shown) {
    assertEquals(shown, ImageReference.parse(text).familiar().shortened().toString());
  }

  @ParameterizedTest
  @CsvSource({"web, latest", "web:1, 1", "web:1@sha256:ff, sha256:ff"})
  void theDigestSaysMoreThanTheTag(String text, String version) {
    assertEquals(version, ImageReference.parse(text).version());
  }

  @Property
  void nothingIsLost(@ForAll @CharRange(from = '-', to = ':') String left, @ForAll String right) {
    for (String text : new String[] {left, left + "@" + right, "a.b/" + left}) {
      assertEquals(text, ImageReference.parse(text).toString());
    }
    assertTrue(!ImageReference.isId(left + "g"));
  }
}
