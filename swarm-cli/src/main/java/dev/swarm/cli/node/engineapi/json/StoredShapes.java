package dev.swarm.cli.node.engineapi.json;

import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretSpec;

/** JSON shapes of secrets and configs. A manager hands out a secret without its data. */
public final class StoredShapes {
  public static final Shape SECRET_SPEC =
      Shape.of(SecretSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .field("Data", "data")
          .field("Driver", "driver", CommonShapes.DRIVER)
          .field("Templating", "templating", CommonShapes.DRIVER)
          .since(37)
          .build();

  public static final Shape CONFIG_SPEC =
      Shape.of(ConfigSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .field("Data", "data")
          .field("Templating", "templating", CommonShapes.DRIVER)
          .since(37)
          .build();

  /** A secret; only ever written. */
  public static final Shape SECRET =
      Shape.of(Secret.getDefaultInstance())
          .always("ID", "id")
          .inline("meta", CommonShapes.META)
          .always("Spec", "spec", SECRET_SPEC)
          .build();

  /** A config; only ever written. */
  public static final Shape CONFIG =
      Shape.of(Config.getDefaultInstance())
          .always("ID", "id")
          .inline("meta", CommonShapes.META)
          .always("Spec", "spec", CONFIG_SPEC)
          .build();

  private StoredShapes() {}
}
