package dev.swarm.cli.command.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
  @ParameterizedTest
  @CsvSource({
    "busybox, busybox:latest",
    "busybox:1.36, busybox:1.36",
    "docker.io/library/busybox, busybox:latest",
    "docker.io/me/web:2, me/web:2",
    "localhost:5000/web, localhost:5000/web:latest",
    "localhost:5000/web:3, localhost:5000/web:3",
    "web@sha256:0123, web@sha256:0123",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,"
        + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  })
  void namesTheTagItMeans(String name, String tagged) {
    assertEquals(tagged, ImageName.tagged(name));
  }
}
