package dev.swarm.manager.raft;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * A sealed entry on its way into the log. It remembers whether the log took it: only then may it
 * still be committed after its proposer has been told of a failure.
 */
final class Proposal implements Message {
  private final ByteString sealed;
  private volatile boolean appended;

  Proposal(ByteString sealed) {
    this.sealed = sealed;
  }

  @Override
  public ByteString getContent() {
    return sealed;
  }

  void markAppended() {
    appended = true;
  }

  boolean isAppended() {
    return appended;
  }
}
