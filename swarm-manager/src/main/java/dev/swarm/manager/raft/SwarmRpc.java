package dev.swarm.manager.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Registers our transport with the Raft library, which makes this class from its name; the
 * transport of one log travels in the parameters.
 */
public final class SwarmRpc implements RpcType {
  private static final String TRANSPORT = "swarm.transport";

  /** For the Raft library only. */
  public SwarmRpc() {}

  static Parameters parameters(RaftTransport transport) {
    var parameters = new Parameters();
    parameters.put(TRANSPORT, transport, RaftTransport.class);
    return parameters;
  }

  @Override
  public String name() {
    return SwarmRpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(parameters.getNonNull(TRANSPORT, RaftTransport.class));
  }

  private record Factory(RaftTransport transport) implements ServerFactory {
    @Override
    public RpcType getRpcType() {
      return new SwarmRpc();
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return transport;
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
      return new FollowerFeed(server, leader, follower, transport);
    }
  }
}
