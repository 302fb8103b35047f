package dev.swarm.worker.engine.docker;

import docker.swarmkit.v1.Privileges;
import docker.swarmkit.v1.Privileges.CredentialSpec;
import docker.swarmkit.v1.Privileges.SELinuxContext;
import java.util.ArrayList;
import java.util.List;

/** Converts the privileges of a container to the Engine API's form. */
final class SecurityOptions {
  private SecurityOptions() {}

  static List<String> of(Privileges privileges) {
    List<String> options = new ArrayList<>();
    credential(options, privileges.getCredentialSpec());
    selinux(options, privileges.getSelinuxContext());
    if (privileges.hasSeccomp()) {
      switch (privileges.getSeccomp().getMode()) {
        case UNCONFINED -> options.add("seccomp=unconfined");
        case CUSTOM ->
            options.add("seccomp=" + privileges.getSeccomp().getProfile().toStringUtf8());
        case DEFAULT, UNRECOGNIZED -> {}
      }
    }
    if (privileges.hasApparmor()
        && privileges.getApparmor().getMode() == Privileges.AppArmorOpts.AppArmorMode.DISABLED) {
      options.add("apparmor=unconfined");
    }
    if (privileges.getNoNewPrivileges()) {
      options.add("no-new-privileges=true");
    }
    return options;
  }

  private static void credential(List<String> options, CredentialSpec spec) {
    switch (spec.getSourceCase()) {
      case FILE -> options.add("credentialspec=file://" + spec.getFile());
      case REGISTRY -> options.add("credentialspec=registry://" + spec.getRegistry());
      case CONFIG -> options.add("credentialspec=config://" + spec.getConfig());
      case SOURCE_NOT_SET -> {}
    }
  }

  private static void selinux(List<String> options, SELinuxContext context) {
    if (context.getDisable()) {
      options.add("label=disable");
    }
    label(options, "user", context.getUser());
    label(options, "role", context.getRole());
    label(options, "type", context.getType());
    label(options, "level", context.getLevel());
  }

  private static void label(List<String> options, String name, String value) {
    if (!value.isEmpty()) {
      options.add("label=" + name + ":" + value);
    }
  }
}
