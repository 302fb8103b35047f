package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.StateMachine;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** A machine that lets a test look when leadership changes, before it is written down. */
record Told(Diary diary, Consumer<Leadership> look) implements StateMachine {
  @Override
  public void committed(byte[] entry) {
    diary.committed(entry);
  }

  @Override
  public void restore(InputStream image) throws IOException {
    diary.restore(image);
  }

  @Override
  public Image image() {
    return diary.image();
  }

  @Override
  public void leadership(Leadership leadership) {
    look.accept(leadership);
    diary.leadership(leadership);
  }
}
