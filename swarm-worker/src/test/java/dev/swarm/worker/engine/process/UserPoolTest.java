package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.worker.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UserPoolTest {
  @TempDir Path directory;
  private final Set<Integer> residue = new HashSet<>();

  private int take(String task) throws Exception {
    // A pool of its own each time: the daemon may have been started anew.
    UserPool pool = new UserPool(directory, new TaskUsers.Range(1000, 1003), () -> residue);
    TaskUser user = pool.take().orElseThrow();
    assertEquals(user.uid(), user.gid());
    Files.createDirectory(directory.resolve(task));
    Files.writeString(directory.resolve(task).resolve("user"), user.uid() + " " + user.gid());
    return user.uid();
  }

  private void giveBack(String task) throws Exception {
    Files.delete(directory.resolve(task).resolve("user"));
    Files.delete(directory.resolve(task));
  }

  @Test
  void eachTaskHasOneToItself() throws Exception {
    assertEquals(1000, take("a"));
    assertEquals(1001, take("b"));
    assertEquals(1002, take("c"));
    assertEquals(1003, take("d"));
    EngineException full = assertThrows(EngineException.class, () -> take("e"));
    assertTrue(String.valueOf(full.getMessage()).contains("--process-users 1000-1003"));
  }

  @Test
  void oneThatWasGivenBackWaitsForAllOthers() throws Exception {
    take("a");
    giveBack("a");
    assertEquals(1001, take("b"));
    giveBack("b");
    assertEquals(1002, take("c"));
    assertEquals(1003, take("d"));
    assertEquals(1000, take("e"));
    assertEquals(1001, take("f"));
  }

  @Test
  void oneThatLeftSomethingIsPassedOver() throws Exception {
    residue.addAll(Set.of(1000, 1002));
    assertEquals(1001, take("a"));
    assertEquals(1003, take("b"));
    assertThrows(EngineException.class, () -> take("c"));
    residue.remove(1002);
    assertEquals(1002, take("c"));
  }

  @Test
  void allTasksHaveTheOneUserThatIsShared() throws Exception {
    TaskUser nobody = new TaskUser(65534, 65534);
    UserPool pool = new UserPool(directory, new TaskUsers.Shared("nobody", nobody), () -> residue);
    assertEquals(Optional.of(nobody), pool.take());
    assertEquals(Optional.of(nobody), pool.take());
  }

  @Test
  void aRangeIsTwoNumbersAboveZero() {
    assertEquals(new TaskUsers.Range(200000, 265535), TaskUsers.Range.parse("200000-265535"));
    for (String wrong :
        new String[] {
          "", "1", "0-5", "-1-5", "5-1", "1-99999999999", "1-4294967295", "a-b", "1 - 2"
        }) {
      assertThrows(IllegalArgumentException.class, () -> TaskUsers.Range.parse(wrong), wrong);
    }
  }

  @Test
  void thisProcessIsAmongThoseThatRun() throws Exception {
    Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    assertTrue(HostUsers.running().contains(own));
    Path file = Files.createTempFile(Path.of("/tmp"), "swarm-owned", "");
    try {
      assertTrue(HostUsers.all().contains(own));
    } finally {
      Files.delete(file);
    }
  }
}
