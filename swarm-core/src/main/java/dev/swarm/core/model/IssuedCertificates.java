package dev.swarm.core.model;

import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.NodeRole;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The certificates issued to a node that somebody may still present. By them managers tell
 * certificates from before a demotion from newer ones: a serial that is not listed belongs to a
 * certificate of which this state has not heard.
 *
 * @param until when the last of all of them ends, also of those that a shorter one replaced; the
 *     epoch where none is known
 * @param asManager those that name it a manager, oldest first
 */
public record IssuedCertificates(Instant until, List<ManagerCertificate> asManager) {
  public static final IssuedCertificates NONE = new IssuedCertificates(Instant.EPOCH, List.of());

  private static final int HEXADECIMAL = 16;

  /**
   * A node gets two or three in a certificate's life; only a manager can have itself given more.
   */
  private static final int MANAGER_CERTIFICATES_MAX = 64;

  /** Clocks are wrong: what has just ended may still be taken somewhere. */
  private static final Duration GRACE = Duration.ofDays(7);

  /**
   * One that names the node a manager.
   *
   * @param serial in hexadecimal
   * @param demoted whether the node was a worker at any time after it was issued
   */
  public record ManagerCertificate(String serial, Instant until, boolean demoted) {}

  public IssuedCertificates {
    asManager = List.copyOf(asManager);
  }

  /** With the certificate of {@code issued}, if it can be read, and without what is long over. */
  public IssuedCertificates with(Certificate issued, Instant now) {
    return read(issued).map(certificate -> with(certificate, issued.getRole(), now)).orElse(this);
  }

  private IssuedCertificates with(X509Certificate certificate, NodeRole role, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Instant last = end.isAfter(until) ? end : until;
    if (role != NodeRole.MANAGER) {
      return new IssuedCertificates(last, asManager);
    }
    String serial = certificate.getSerialNumber().toString(HEXADECIMAL);
    if (asManager.stream().anyMatch(one -> one.serial().equals(serial))) {
      return new IssuedCertificates(last, asManager);
    }
    List<ManagerCertificate> kept = new ArrayList<>();
    for (ManagerCertificate one : asManager) {
      if (!one.until().plus(GRACE).isBefore(now)) {
        kept.add(one);
      }
    }
    kept.add(new ManagerCertificate(serial, end, false));
    int surplus = Math.max(0, kept.size() - MANAGER_CERTIFICATES_MAX);
    return new IssuedCertificates(last, kept.subList(surplus, kept.size()));
  }

  /** The node is a worker: whatever named it a manager until now does so no longer. */
  public IssuedCertificates asOfAWorker() {
    if (asManager.stream().allMatch(ManagerCertificate::demoted)) {
      return this;
    }
    return new IssuedCertificates(
        until,
        asManager.stream()
            .map(one -> new ManagerCertificate(one.serial(), one.until(), true))
            .toList());
  }

  /** Whether that certificate is known to be older than a demotion of the node. */
  public boolean isFromBeforeADemotion(String serial) {
    return asManager.stream().anyMatch(one -> one.demoted() && one.serial().equals(serial));
  }

  private static Optional<X509Certificate> read(Certificate issued) {
    byte[] pem = issued.getCertificate().toByteArray();
    if (pem.length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem)));
    } catch (CertificateException unreadable) {
      return Optional.empty();
    }
  }
}
