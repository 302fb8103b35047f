package dev.swarm.core.control.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.swarm.core.control.Swarm;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.GetClusterRequest;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.RootRotation;
import docker.swarmkit.v1.UpdateClusterRequest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterControlTest {
  private final ClusterSecrets secrets = new Numbered();
  private int unlockKeys;
  private final Swarm swarm = new Swarm();

  @BeforeEach
  void cluster() {
    swarm.cluster();
  }

  @Test
  void changesSettingsAndKeepsKeysToItself() {
    Cluster updated =
        accept(
            request(
                s -> {
                  s.getOrchestrationBuilder().setTaskHistoryRetentionLimit(3);
                  s.getDispatcherBuilder().getHeartbeatPeriodBuilder().setSeconds(2);
                  s.getCaConfigBuilder().getNodeCertExpiryBuilder().setSeconds(3600);
                  s.getEncryptionConfigBuilder().setAutoLockManagers(true);
                }));

    assertEquals(3, updated.getSpec().getOrchestration().getTaskHistoryRetentionLimit());
    assertNoKeys(updated);
    assertNoKeys(
        swarm
            .query(
                ClusterControl.get(
                    swarm.snapshot,
                    GetClusterRequest.newBuilder().setClusterId("cluster1").build()))
            .getCluster());
    assertNoKeys(
        ClusterControl.list(swarm.snapshot, ListClustersRequest.getDefaultInstance())
            .getClusters(0));
    Cluster stored = swarm.snapshot.cluster().orElseThrow().object();
    assertEquals("the key", stored.getRootCa().getCaKey().toStringUtf8());
    assertEquals(1, stored.getUnlockKeysCount());
    assertEquals(1, stored.getNetworkBootstrapKeysCount());
  }

  private static void assertNoKeys(Cluster cluster) {
    assertTrue(cluster.getRootCa().getCaKey().isEmpty());
    assertEquals("the root", cluster.getRootCa().getCaCert().toStringUtf8());
    assertEquals(0, cluster.getUnlockKeysCount());
    assertEquals(0, cluster.getNetworkBootstrapKeysCount());
    assertEquals(4789, cluster.getVXLANUDPPort());
    assertEquals("10.0.0.0/8", cluster.getDefaultAddressPool(0));
  }

  @Test
  void rotatesTheTokenAskedFor() {
    UpdateClusterRequest.Builder request = request(s -> {}).toBuilder();
    request.getRotationBuilder().setWorkerJoinToken(true);

    Cluster updated = accept(request.build());

    assertEquals("new for the root", updated.getRootCa().getJoinTokens().getWorker());
    assertEquals("manager-1", updated.getRootCa().getJoinTokens().getManager());
  }

  @Test
  void anUpdateOfAnOlderVersionIsStale() {
    UpdateClusterRequest request = request(s -> {});
    accept(request);
    assertEquals(Rejection.stale(), reject(request));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSpecs")
  void refusesWhatMakesNoSense(String part, Kind kind, Consumer<ClusterSpec.Builder> spoil) {
    Rejection why = reject(request(spoil));
    assertEquals(kind, why.kind());
    assertTrue(why.message().contains(part), why.message());
    assertFalse(why.message().contains("\n"));
  }

  static Stream<Arguments> badSpecs() {
    return Stream.of(
        bad("name", s -> s.getAnnotationsBuilder().setName("mine")),
        bad("dispatcher-heartbeat", s -> s.getDispatcherBuilder().setHeartbeatPeriod(seconds(-1))),
        bad("at least 1s", s -> s.getDispatcherBuilder().getHeartbeatPeriodBuilder().setNanos(1)),
        bad(
            "minimum certificate expiry time is: 1h0m0s",
            s -> s.getCaConfigBuilder().setNodeCertExpiry(seconds(3599))),
        bad(
            "minimum certificate expiry time is: 1h0m0s",
            s -> s.getCaConfigBuilder().setNodeCertExpiry(seconds(0))),
        bad("ten years", s -> s.getCaConfigBuilder().setNodeCertExpiry(seconds(Long.MAX_VALUE))),
        bad("task-history", s -> s.getOrchestrationBuilder().setTaskHistoryRetentionLimit(1 << 20)),
        bad("election", s -> s.getRaftBuilder().setElectionTick(1).setHeartbeatTick(1)),
        bad("snapshot interval is out of range", s -> s.getRaftBuilder().setSnapshotInterval(-1)),
        bad("https://", s -> s.getCaConfigBuilder().addExternalCasBuilder().setUrl("http://x")),
        bad("https://", s -> s.getCaConfigBuilder().addExternalCasBuilder().setUrl("https:")),
        bad("cfssl", s -> s.getCaConfigBuilder().addExternalCasBuilder().setProtocolValue(7)));
  }

  @Test
  void namesTheClusterThatIsMissing() {
    UpdateClusterRequest request = request(s -> {});
    assertEquals(Kind.NOT_FOUND, reject(request.toBuilder().setClusterId("other").build()).kind());
    assertEquals(Kind.INVALID, reject(request.toBuilder().clearSpec().build()).kind());
    assertEquals(Kind.INVALID, reject(request.toBuilder().clearClusterVersion().build()).kind());
  }

  private static Arguments bad(String part, Consumer<ClusterSpec.Builder> spoil) {
    return Arguments.of(part, Kind.INVALID, spoil);
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  private Cluster accept(UpdateClusterRequest request) {
    return swarm.accept(ClusterControl.update(request, secrets)).getCluster();
  }

  private Rejection reject(UpdateClusterRequest request) {
    return swarm.reject(ClusterControl.update(request, secrets));
  }

  /** As good as the real ones for all that a decision sees of them. */
  private final class Numbered implements ClusterSecrets {
    @Override
    public String joinToken(RootCA root) {
      return "new for " + root.getCaCert().toStringUtf8();
    }

    @Override
    public ByteString unlockKey() {
      return ByteString.copyFromUtf8("key " + ++unlockKeys);
    }

    @Override
    public RootRotation newRoot(RootCA root) {
      return RootRotation.newBuilder()
          .setCaCert(ByteString.copyFromUtf8("new after " + root.getCaCert().toStringUtf8()))
          .setCaKey(ByteString.copyFromUtf8("its key"))
          .build();
    }

    @Override
    public RootRotation givenRoot(RootCA root, ByteString cert, ByteString key)
        throws CredentialException {
      if (!cert.toStringUtf8().startsWith("root")) {
        throw new CredentialException("it is no root");
      }
      return RootRotation.newBuilder().setCaCert(cert).setCaKey(key).build();
    }
  }

  @Test
  void aRootIsRotatedWhenItIsAskedFor() {
    accept(request(s -> s.getCaConfigBuilder().setForceRotate(1)));
    assertTrue(root().getRootRotation().getCaCert().toStringUtf8().startsWith("new after "));
    RootCA rotating = root();
    // Nothing new is asked for: it goes on as it is.
    accept(request(s -> s.getCaConfigBuilder().setForceRotate(1)));
    assertEquals(rotating, root());
    // Another one takes its place, byte for byte, and what was given is not kept in the spec.
    Cluster shown = accept(request(s -> given(s, "root two", "key two")));
    assertEquals("root two", root().getRootRotation().getCaCert().toStringUtf8());
    assertTrue(shown.getSpec().getCaConfig().getSigningCaCert().isEmpty());
    assertTrue(shown.getRootCa().getRootRotation().getCaKey().isEmpty());
    CAConfig kept = swarm.snapshot.cluster().orElseThrow().object().getSpec().getCaConfig();
    assertTrue(kept.getSigningCaCert().isEmpty() && kept.getSigningCaKey().isEmpty());
    // Back to what everybody trusts: there is nothing left to do.
    String before = root().getCaCert().toStringUtf8();
    accept(request(s -> given(s, before, "whatever")));
    assertFalse(root().hasRootRotation());
  }

  @Test
  void aRootThatIsNoneIsRefused() {
    assertEquals(Kind.INVALID, reject(request(s -> given(s, "", "key"))).kind());
    assertEquals(Kind.INVALID, reject(request(s -> given(s, "root two", ""))).kind());
    assertEquals(
        "the root certificate cannot be rotated: it is no root",
        reject(request(s -> given(s, "junk", "key"))).message());
  }

  private static void given(ClusterSpec.Builder spec, String cert, String key) {
    spec.getCaConfigBuilder()
        .setForceRotate(spec.getCaConfig().getForceRotate() + 1)
        .setSigningCaCert(ByteString.copyFromUtf8(cert))
        .setSigningCaKey(ByteString.copyFromUtf8(key));
  }

  private RootCA root() {
    return swarm.snapshot.cluster().orElseThrow().object().getRootCa();
  }

  @Test
  void anUnlockKeyComesWithAutolockAndGoesWithIt() {
    assertEquals(Optional.empty(), unlockKeyNow());
    accept(request(s -> s.getEncryptionConfigBuilder().setAutoLockManagers(true)));
    assertEquals(Optional.of("key 1"), unlockKeyNow());
    // It stays while other things change, and is made anew when asked for.
    UpdateClusterRequest again =
        request(s -> s.getEncryptionConfigBuilder().setAutoLockManagers(true));
    accept(again);
    assertEquals(Optional.of("key 1"), unlockKeyNow());
    UpdateClusterRequest.Builder rotating =
        request(s -> s.getEncryptionConfigBuilder().setAutoLockManagers(true)).toBuilder();
    rotating.getRotationBuilder().setManagerUnlockKey(true);
    Cluster shown = accept(rotating.build());
    assertEquals(Optional.of("key 2"), unlockKeyNow());
    assertEquals(0, shown.getUnlockKeysCount(), "nobody is shown the key in passing");
    accept(request(s -> {}));
    assertEquals(Optional.empty(), unlockKeyNow());
  }

  private Optional<String> unlockKeyNow() {
    return UnlockKeys.of(swarm.snapshot.cluster().orElseThrow().object())
        .map(ByteString::toStringUtf8);
  }

  private UpdateClusterRequest request(Consumer<ClusterSpec.Builder> edit) {
    ClusterSpec.Builder spec = Swarm.clusterSpec().toBuilder();
    edit.accept(spec);
    UpdateClusterRequest.Builder request =
        UpdateClusterRequest.newBuilder().setClusterId("cluster1").setSpec(spec);
    request
        .getClusterVersionBuilder()
        .setIndex(swarm.snapshot.cluster().orElseThrow().meta().version());
    return request.build();
  }
}
