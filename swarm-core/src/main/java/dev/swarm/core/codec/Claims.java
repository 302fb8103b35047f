package dev.swarm.core.codec;

import dev.swarm.core.model.Claim;
import java.util.List;

/** Tasks' claims on generic resources in the form in which the log stores them. */
final class Claims {
  private Claims() {}

  static List<dev.swarm.log.v1.Claim> encode(List<Claim> claims) {
    return claims.stream()
        .map(
            claim ->
                dev.swarm.log.v1.Claim.newBuilder()
                    .setKind(claim.kind())
                    .setName(claim.name())
                    .setCount(claim.count())
                    .build())
        .toList();
  }

  static List<Claim> decode(List<dev.swarm.log.v1.Claim> stored) {
    return stored.isEmpty()
        ? List.of()
        : stored.stream()
            .map(one -> new Claim(one.getKind(), one.getName(), one.getCount()))
            .toList();
  }
}
