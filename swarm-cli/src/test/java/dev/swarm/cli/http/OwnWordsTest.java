package dev.swarm.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the daemon says in docker's words, in this program's. */
class OwnWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Use \"docker swarm init\" or \"docker swarm join\" | Use \"swarm init\" or \"swarm join\"",
        "Use the \"docker info\" command | Use the \"swarm info\" command",
        "see docker service ps web | see swarm service ps web",
        "docker network create x, docker network connect x | swarm network create x, docker network"
            + " connect x",
        "docker run shows docker ps | docker run shows docker ps",
        "no docker here | no docker here"
      })
  void namesThisProgramsCommands(String theirs, String ours) {
    assertEquals(ours, OwnWords.of(theirs));
  }
}
