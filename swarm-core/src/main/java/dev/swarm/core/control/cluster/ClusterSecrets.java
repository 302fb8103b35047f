package dev.swarm.core.control.cluster;

import com.google.protobuf.ByteString;
import dev.swarm.core.pki.CredentialException;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.RootRotation;

/**
 * Source of what is random or depends on the time when a cluster changes: tokens, keys and
 * certificates. It is handed to decisions, which may use neither chance nor clock. Safe for many
 * threads; nothing of it is ever logged.
 */
public interface ClusterSecrets {
  /** A token with a fresh secret for clusters with {@code root}. */
  String joinToken(RootCA root);

  /** A key for managers' disks. */
  ByteString unlockKey();

  /**
   * The way from {@code root} to a root that is made now.
   *
   * @throws CredentialException if {@code root} cannot vouch for another, in words for people
   */
  RootRotation newRoot(RootCA root) throws CredentialException;

  /**
   * The way from {@code root} to another one.
   *
   * @param cert one certificate in PEM, kept byte for byte
   * @param key its key in PEM; empty where an external authority keeps it
   * @throws CredentialException if they do not make an authority, in words for people
   */
  RootRotation givenRoot(RootCA root, ByteString cert, ByteString key) throws CredentialException;
}
