package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.worker.engine.process.TaskUser;
import dev.swarm.worker.engine.process.TaskUsers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessSetupTest {
  private static final List<String> PASSWD =
      List.of(
          "root:x:0:0:root:/root:/bin/bash",
          "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin",
          "nfs:x:4294967294:4294967294::/:/bin/false",
          "ann:x:250000:250000:Ann:/home/ann:/bin/bash");
  private static final ProcessSetup.Accounts ACCOUNTS =
      new ProcessSetup.Accounts(
          PASSWD,
          List.of("root:x:0:", "docker:x:270000:ann", "nonsense"),
          List.of("ann:100000:65536", "nonsense"),
          List.of("ann:400000:10"));

  private static TaskUsers users(String user, String range, boolean root) {
    return ProcessSetup.users(user, range, root, ACCOUNTS);
  }

  @Test
  void aUserForEachTaskOneForAllOrItself() {
    assertEquals(new TaskUsers.Own(), users("", "", false));
    assertEquals(
        new TaskUsers.Shared("nobody", new TaskUser(65534, 65534)), users("nobody", "", true));
    assertEquals(new TaskUsers.Range(300000, 300009), users("", "300000-300009", true));
    assertEquals(new TaskUsers.Range(165536, 249999), users("", "165536-249999", true));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true, add --process-users FIRST-LAST",
    "nobody, 300000-300009, true, 'give either --process-users'",
    "nobody, '', false, need a daemon that is root",
    "'', 300000-300009, false, need a daemon that is root",
    "root, '', true, must not run as root",
    "nfs, '', true, no number that can be used",
    "eve, '', true, there is no user eve",
    "'', 300000, true, is written like 200000-265535",
    "'', 200000-265535, true, 250000 is the user ann's",
    "'', 260000-270000, true, 270000 is the group docker's",
    "'', 400009-400020, true, /etc/subgid gives 10 groups from 400000 to ann",
    "'', 165535-165540, true, /etc/subuid gives 65536 users from 100000 to ann",
  })
  void whatDoesNotFitIsRefusedInASentence(String user, String range, boolean root, String words) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> users(user, range, root));
    assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
  }
}
