package dev.swarm.cli.client.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.cli.client.command.CommandRun.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What command lines that are wrong end with: the codes that docker's client 28.2 was seen to end
 * with, and in words without its programming language.
 */
class ExitCodesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "125 | service create --bogus bb",
        "125 | service create -x bb",
        "125 | service create -dx bb",
        "125 | service create --replicas",
        "125 | service create --replicas -1 bb",
        "125 | service create --replicas 1.5 bb",
        "125 | service create --replicas= bb",
        "125 | service create --restart-delay 5 bb",
        "125 | service create --restart-delay abc bb",
        "125 | service create --health-interval=-5s bb",
        "125 | service create --limit-memory abc bb",
        "125 | service create --limit-memory= bb",
        "125 | service create --limit-cpu abc bb",
        "125 | service create --limit-cpu 0.00000000001 bb",
        "125 | service create --limit-pids x bb",
        "125 | service create --oom-score-adj x bb",
        "125 | service create --update-max-failure-ratio a bb",
        "125 | service create -p abc bb",
        "125 | service create -p 99999:80 bb",
        "125 | service create --publish published=a,target=b bb",
        "125 | service create --tty=foo bb",
        "125 | service create --label= bb",
        "125 | service create --env =x bb",
        "125 | service create --mount foo bb",
        "125 | service create --secret= bb",
        "125 | service create --config a=b bb",
        "125 | service create --ulimit foo bb",
        "125 | service create --placement-pref foo bb",
        "125 | service create --host foo bb",
        "125 | service create --dns foo bb",
        "125 | service create --dns-search .. bb",
        "125 | service create --generic-resource foo bb",
        "125 | service create --credential-spec foo bb",
        "125 | service create --network name=a,x=y bb",
        "125 | node ls --filter x",
        "125 | init --cert-expiry foo",
        "125 | init --task-history-limit foo",
        "125 | init --default-addr-pool foo",
        "125 | init --data-path-port -1",
        "125 | init --default-addr-pool-mask-length x",
        "125 | init --external-ca foo",
        "125 | ca --rotate --ca-cert /nonexist",
        "125 | ca --rotate --ca-cert /etc/passwd",
        "125 | network create --label= x",
        "1 | service create",
        "1 | service create --mode foo bb",
        "1 | service create --mode= bb",
        "1 | service create --mode global --replicas 3 bb",
        "1 | service create --env-file /nonexist bb",
        "1 | service scale web=abc",
        "1 | service scale web=-1",
        "1 | service scale web",
        "1 | service scale =3",
        "1 | node update --availability foo n",
        "1 | init --availability foo",
        "1 | init --availability=",
        "1 | join --availability= x",
        "1 | join",
        "1 | join-token foo",
        "1 | node ls extra",
        "1 | bogus",
        "1 | node bogus",
        "1 | stack deploy foo",
        "1 | stack deploy -c /nonexist foo",
        "1 | network create --gateway 10.0.0.1 y",
        "1 | secret create foo",
        "1 | stack ps"
      })
  void asDockersClientEnds(int code, String line) throws IOException {
    Outcome outcome =
        new CommandRun(folder, request -> FakeDaemon.error(503, "not asked")).run(line.split(" "));
    assertEquals(code, outcome.code(), outcome.err());
    assertFalse(outcome.err().isBlank());
    assertEquals("", outcome.changes());
    for (String foreign :
        List.of("strconv", "invalid syntax", "time: ", "argument \"", "rational")) {
      assertFalse(outcome.err().contains(foreign), outcome.err());
    }
  }
}
