package dev.swarm.manager.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.swarm.core.port.Clock;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Counts a port's connections and spaces out their handshakes. Sources from which a member of the
 * cluster is known have a rate and places of their own, so that members come back while strangers
 * wait. Safe for many threads; what it remembers is bounded by the open connections and by its
 * caches.
 */
final class Gate {
  private static final int SOURCES_MAX = 10_000;
  private static final int MEMBER_SOURCES_MAX = 100_000;
  private static final Duration SOURCE_REST = Duration.ofMinutes(1);
  private static final Duration MEMBER_REMEMBERED = Duration.ofHours(1);
  private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int BURST_SECONDS = 4;
  private static final int SUBNET_BYTES = 8;

  private final Limits limits;
  private final Supplier<Set<String>> nodeAddresses;
  private final Clock clock;
  private final TokenBucket strangersPace;
  private final Cache<String, TokenBucket> paces;
  private final Cache<String, Boolean> memberSources;
  private final Count strangers = new Count();

  /** Without a certificate yet, from sources of members. */
  private final Count returning = new Count();

  private final Count members = new Count();
  private volatile Known known;

  /** The addresses of the cluster's nodes as they were not long ago. */
  private record Known(Set<String> addresses, long lookedNanos) {}

  /** Open connections in all and of each key. */
  private static final class Count {
    private final Map<String, Integer> each = new HashMap<>();
    private int all;

    synchronized boolean add(String key, int max, int allMax) {
      int ofKey = each.getOrDefault(key, 0);
      if (all >= allMax || ofKey >= max) {
        return false;
      }
      all++;
      each.put(key, ofKey + 1);
      return true;
    }

    synchronized void remove(String key) {
      all--;
      each.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  /**
   * @param nodeAddresses where the cluster's nodes last came from; asked every few seconds
   */
  Gate(Limits limits, Supplier<Set<String>> nodeAddresses, Clock clock) {
    this.limits = limits;
    this.nodeAddresses = nodeAddresses;
    this.clock = clock;
    strangersPace =
        new TokenBucket(
            limits.handshakesPerSecond(),
            limits.handshakesAtOnce(),
            limits.waitMax(),
            clock.nanoTime());
    paces =
        Caffeine.newBuilder()
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .expireAfterAccess(SOURCE_REST)
            .maximumSize(SOURCES_MAX)
            .build();
    memberSources =
        Caffeine.newBuilder()
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .expireAfterWrite(MEMBER_REMEMBERED)
            .maximumSize(MEMBER_SOURCES_MAX)
            .build();
    known = new Known(Set.of(), clock.nanoTime() - LOOK_NANOS);
  }

  /** What came of a new connection. */
  sealed interface Arrival {
    /**
     * @param waitNanos how long it stays unread
     */
    record Admitted(Place place, long waitNanos) implements Arrival {}

    /**
     * @param why continues "a connection is refused: "
     */
    record Refused(String why) implements Arrival {}
  }

  /** A connection's place among those that are counted; to be given back once. */
  final class Place {
    private final String source;
    private final Count among;
    private boolean over;
    private String node = "";

    private Place(String source, Count among) {
      this.source = source;
      this.among = among;
    }

    /** Counts it among the members'; says whether there is room. */
    synchronized boolean become(String nodeId) {
      memberSources.put(source, true);
      if (over) {
        return false;
      }
      among.remove(source);
      if (members.add(nodeId, limits.ofMember(), limits.members())) {
        node = nodeId;
        return true;
      }
      over = true;
      return false;
    }

    synchronized void giveBack() {
      if (over) {
        return;
      }
      over = true;
      if (node.isEmpty()) {
        among.remove(source);
      } else {
        members.remove(node);
      }
    }
  }

  Arrival arrive(InetAddress address) {
    String source = source(address);
    boolean member = hasMember(source, address);
    OptionalLong wait = handshake(source, member);
    if (wait.isEmpty()) {
      return new Arrival.Refused("too many handshakes a second");
    }
    Count among = member ? returning : strangers;
    boolean room =
        member
            ? returning.add(source, limits.returningOfSource(), limits.returning())
            : strangers.add(source, limits.strangersOfSource(), limits.strangers());
    return room
        ? new Arrival.Admitted(new Place(source, among), wait.getAsLong())
        : new Arrival.Refused("too many open connections without a certificate");
  }

  private OptionalLong handshake(String source, boolean member) {
    long now = clock.nanoTime();
    int perSecond = member ? limits.handshakesOfMember() : limits.handshakesOfSource();
    // A source that becomes a member's gets the other pace at once.
    String key = member ? source + " member" : source;
    OptionalLong own =
        paces
            .get(
                key,
                k -> new TokenBucket(perSecond, perSecond * BURST_SECONDS, limits.waitMax(), now))
            .begin(now);
    if (own.isEmpty() || member) {
      return own;
    }
    OptionalLong all = strangersPace.begin(now);
    return all.isEmpty() ? all : OptionalLong.of(Math.max(own.getAsLong(), all.getAsLong()));
  }

  private boolean hasMember(String source, InetAddress address) {
    if (memberSources.getIfPresent(source) != null) {
      return true;
    }
    long now = clock.nanoTime();
    Known looked = known;
    if (now - looked.lookedNanos() >= LOOK_NANOS) {
      looked = new Known(nodeAddresses.get(), now);
      known = looked;
    }
    return looked.addresses().contains(address.getHostAddress());
  }

  static String source(InetAddress address) {
    if (address instanceof Inet6Address six) {
      byte[] subnet = Arrays.copyOf(six.getAddress(), SUBNET_BYTES);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < SUBNET_BYTES; i += 2) {
        text.append(Integer.toHexString(((subnet[i] & 0xff) << 8) | (subnet[i + 1] & 0xff)))
            .append(':');
      }
      return text.append(":/64").toString();
    }
    return address.getHostAddress();
  }
}
