package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are pinned to what their names mean when a service is described. */
class ImageDigestTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String FOUND =
      "{'Descriptor':{'digest':'"
          + DIGEST
          + "'},'Platforms':[{'architecture':'amd64','os':'linux'},"
          + "{'architecture':'arm','os':'linux','variant':'v7'}]}";

  @TempDir Path folder;
  private String registry = FakeDaemon.ok(FOUND);

  private Outcome run(String... words) throws IOException {
    return new CommandRun(
            folder,
            request -> {
              String path = request.path().replaceAll("\\?.*", "");
              if (path.startsWith("/distribution/")) {
                return registry;
              }
              return FakeDaemon.ok(
                  path.equals("/services/web")
                      ? "{'ID':'s1','Version':{'Index':5},'Spec':{'Name':'web','TaskTemplate':"
                          + "{'ContainerSpec':{'Image':'nginx:1'}}}}"
                      : "{'ID':'s1'}");
            })
        .run(words);
  }

  private static List<String> asked(Outcome outcome) {
    return outcome.requests().stream()
        .map(FakeDaemon.Request::path)
        .filter(path -> path.startsWith("/distribution/"))
        .toList();
  }

  @Test
  void aNewServiceIsPinnedToItsDigestAndPlatforms() throws IOException {
    Outcome outcome = run("service", "create", "-d", "team/nginx");
    assertEquals(1, asked(outcome).size());
    assertTrue(
        outcome.changes().contains("\"Image\":\"team/nginx:latest@" + DIGEST + "\""),
        outcome.changes());
    assertTrue(
        outcome
            .changes()
            .contains(
                "\"Platforms\":[{\"Architecture\":\"amd64\",\"OS\":\"linux\"},"
                    + "{\"Architecture\":\"\",\"OS\":\"linux\"}]"),
        outcome.changes());
    assertEquals("", outcome.err());
  }

  @Test
  void whatTheRegistryDoesNotTellIsSaid() throws IOException {
    registry = FakeDaemon.error(500, "no route to it");
    Outcome outcome = run("service", "create", "-d", "nginx");
    assertEquals(0, outcome.code());
    assertTrue(outcome.changes().contains("\"Image\":\"nginx:latest\""), outcome.changes());
    assertTrue(
        outcome.err().startsWith("the digest of image nginx:latest is not recorded")
            && outcome.err().contains("(no route to it)"),
        outcome.err());

    registry = FakeDaemon.error(503, "no engine here");
    assertEquals("", run("service", "create", "-d", "nginx").err());
  }

  @Test
  void nobodyIsAskedWhereNothingIsToBeKnown() throws IOException {
    assertEquals(List.of(), asked(run("service", "create", "-d", "--no-resolve-image", "nginx")));
    assertEquals(List.of(), asked(run("service", "create", "-d", "nginx@" + DIGEST)));
    assertEquals(List.of(), asked(run("service", "create", "-d", "ab".repeat(32))));
    assertEquals(List.of(), asked(run("service", "update", "-d", "--env-add", "A=b", "web")));
  }

  @Test
  void anUpdateOfTheImagePinsIt() throws IOException {
    Outcome outcome = run("service", "update", "-d", "--image", "nginx:2", "web");
    assertTrue(
        outcome.changes().contains("\"Image\":\"nginx:2@" + DIGEST + "\""), outcome.changes());
    Outcome asWritten =
        run("service", "update", "-d", "--no-resolve-image", "--image", "nginx:2", "web");
    assertFalse(asWritten.changes().contains(DIGEST), asWritten.changes());
  }
}
