package dev.swarm.core.codec;

import dev.swarm.core.model.IssuedCertificates;
import dev.swarm.core.model.Node;
import dev.swarm.core.wire.FromWire;
import dev.swarm.core.wire.ToWire;
import dev.swarm.log.v1.ManagerCertificate;
import dev.swarm.log.v1.NodeRecord;
import java.time.Instant;

/** Nodes in the form in which the log stores them. */
final class Nodes {
  private Nodes() {}

  static NodeRecord encode(Node node) {
    NodeRecord.Builder record =
        NodeRecord.newBuilder()
            .setNode(ToWire.node(node))
            .setStateSinceEpochMillis(node.status().since().toEpochMilli())
            .setCertificatesUntilEpochMillis(node.issued().until().toEpochMilli());
    for (IssuedCertificates.ManagerCertificate one : node.issued().asManager()) {
      record.addManagerCertificates(
          ManagerCertificate.newBuilder()
              .setSerial(one.serial())
              .setUntilEpochMillis(one.until().toEpochMilli())
              .setDemoted(one.demoted()));
    }
    return record.build();
  }

  static Node decode(NodeRecord record) {
    return FromWire.node(record.getNode(), Instant.ofEpochMilli(record.getStateSinceEpochMillis()))
        .withIssued(
            new IssuedCertificates(
                Instant.ofEpochMilli(record.getCertificatesUntilEpochMillis()),
                record.getManagerCertificatesList().stream()
                    .map(
                        one ->
                            new IssuedCertificates.ManagerCertificate(
                                one.getSerial(),
                                Instant.ofEpochMilli(one.getUntilEpochMillis()),
                                one.getDemoted()))
                    .toList()));
  }
}
