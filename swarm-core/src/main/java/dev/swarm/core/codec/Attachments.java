package dev.swarm.core.codec;

import dev.swarm.core.model.Attachment;
import java.util.List;

/** Network attachments in the form in which the log stores them. */
final class Attachments {
  private Attachments() {}

  static List<dev.swarm.log.v1.Attachment> encode(List<Attachment> attachments) {
    return attachments.stream()
        .map(
            attachment ->
                dev.swarm.log.v1.Attachment.newBuilder()
                    .setNetworkId(attachment.network())
                    .addAllAddresses(attachment.addresses())
                    .build())
        .toList();
  }

  static List<Attachment> decode(List<dev.swarm.log.v1.Attachment> stored) {
    return stored.isEmpty()
        ? List.of()
        : stored.stream()
            .map(one -> new Attachment(one.getNetworkId(), one.getAddressesList()))
            .toList();
  }
}
