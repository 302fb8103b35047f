package dev.swarm.manager.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import docker.swarmkit.v1.HealthGrpc;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whence a call comes, directly and through another manager. */
class CallerAddressTest {
  private static SocketAddress at(int... bytes) throws UnknownHostException {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return new InetSocketAddress(InetAddress.getByAddress(raw), 4567);
  }

  /** A call of which only the connection matters. */
  private static final class Incoming extends ServerCall<Object, Object> {
    private final Attributes connection;

    Incoming(Attributes connection) {
      this.connection = connection;
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(Object message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Attributes getAttributes() {
      return connection;
    }

    @Override
    public MethodDescriptor<Object, Object> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Outgoing<Q, R> extends ClientCall<Q, R> {
    @Override
    public void start(Listener<R> listener, Metadata headers) {}

    @Override
    public void request(int count) {}

    @Override
    public void cancel(@Nullable String why, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(Q message) {}
  }

  private static final class Nowhere extends Channel {
    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      return new Outgoing<>();
    }

    @Override
    public String authority() {
      return "";
    }
  }

  /** Runs {@code method} as what is called. */
  private static void call(Attributes connection, Metadata headers, Runnable method) {
    var _ =
        new CallerAddress()
            .interceptCall(
                new Incoming(connection),
                headers,
                (call, same) -> {
                  method.run();
                  return new ServerCall.Listener<>() {};
                });
  }

  /** What the method sees. */
  private static String seen(Attributes connection, Metadata headers) {
    List<String> addresses = new ArrayList<>();
    call(connection, headers, () -> addresses.add(CallerAddress.current()));
    assertEquals("", CallerAddress.current());
    assertEquals(1, addresses.size());
    return addresses.getFirst();
  }

  private static Attributes from(SocketAddress remote) {
    return Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, remote).build();
  }

  private static Metadata forwarded(String... address) {
    Metadata headers = new Metadata();
    headers.put(ForwardedCaller.HEADER, "anonymous");
    for (String one : address) {
      headers.put(CallerAddress.HEADER, one);
    }
    return headers;
  }

  @Test
  void aDirectCallComesFromItsConnection() throws UnknownHostException {
    assertEquals("192.0.2.7", seen(from(at(192, 0, 2, 7)), new Metadata()));
    assertEquals(
        "2001:db8:0:0:0:0:0:1",
        seen(from(at(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)), new Metadata()));
    assertEquals("", seen(Attributes.EMPTY, new Metadata()));
    assertEquals("", seen(from(InetSocketAddress.createUnresolved("name", 1)), new Metadata()));
    assertEquals("", seen(from(new SocketAddress() {}), new Metadata()));
  }

  @Test
  void aForwardedCallComesFromWhereTheForwarderSawIt() throws UnknownHostException {
    Attributes manager = from(at(192, 0, 2, 7));
    assertEquals("198.51.100.1", seen(manager, forwarded("198.51.100.1")));
    assertEquals("", seen(manager, forwarded()));
    assertEquals("", seen(manager, forwarded("x".repeat(65))));
  }

  /** The header alone is anybody's word. */
  @Test
  void aDirectCallSaysNothingOfItsAddress() throws UnknownHostException {
    Metadata headers = new Metadata();
    headers.put(CallerAddress.HEADER, "198.51.100.1");
    assertEquals("192.0.2.7", seen(from(at(192, 0, 2, 7)), headers));
  }

  /** Headers of a call by which the current one is passed on; what it claims is replaced. */
  private static Metadata passedOn() {
    Metadata headers = forwarded("203.0.113.9");
    headers.put(ForwardedCaller.HEADER, "swarm-manager/ours/boss");
    new ForwardedCaller()
        .interceptCall(HealthGrpc.getCheckMethod(), CallOptions.DEFAULT, new Nowhere())
        .start(new ClientCall.Listener<>() {}, headers);
    return headers;
  }

  @Test
  void whatIsPassedOnIsWhatWasSeen() throws UnknownHostException {
    List<Metadata> passed = new ArrayList<>();
    call(from(at(192, 0, 2, 7)), new Metadata(), () -> passed.add(passedOn()));
    Metadata headers = passed.getFirst();
    assertEquals(List.of("192.0.2.7"), all(headers, CallerAddress.HEADER));
    assertEquals(List.of("anonymous"), all(headers, ForwardedCaller.HEADER));
    assertEquals("192.0.2.7", seen(Attributes.EMPTY, headers));
    assertEquals("", seen(Attributes.EMPTY, passedOn()));
  }

  private static List<String> all(Metadata headers, Metadata.Key<String> key) {
    List<String> values = new ArrayList<>();
    Iterable<String> present = headers.getAll(key);
    if (present != null) {
      present.forEach(values::add);
    }
    return values;
  }
}
