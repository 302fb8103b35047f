package dev.swarm.cli.client.render;

import java.util.Set;

/**
 * Field names of the Engine API's swarm objects. The API leaves empty fields out; a template that
 * asks for one of these gets emptiness, and one that asks for any other name gets an error.
 */
final class EngineFields {
  private static final Set<String> NAMES =
      Set.of(
          """
          ID Version Index CreatedAt UpdatedAt Name Labels Spec PreviousSpec Endpoint UpdateStatus
          ServiceStatus JobStatus TaskTemplate ContainerSpec PluginSpec NetworkAttachmentSpec
          ProcessSpec Runtime Resources Limits Reservations NanoCPUs MemoryBytes Pids
          GenericResources NamedResourceSpec DiscreteResourceSpec Kind Value SwapBytes
          MemorySwappiness RestartPolicy Condition Delay MaxAttempts Window Placement Constraints
          Preferences Spread SpreadDescriptor MaxReplicas Platforms Architecture OS Networks Target
          Aliases DriverOpts LogDriver Options ForceUpdate Image Command Args Hostname Env Dir User
          Groups Privileges CredentialSpec Config File Registry SELinuxContext Seccomp AppArmor
          NoNewPrivileges Init StopSignal TTY OpenStdin ReadOnly Mounts StopGracePeriod Healthcheck
          Test Interval Timeout Retries StartPeriod StartInterval Hosts DNSConfig Nameservers Search
          Secrets Configs SecretID SecretName ConfigID ConfigName UID GID Mode Isolation Sysctls
          CapabilityAdd CapabilityDrop Ulimits Hard Soft OomScoreAdj Type Source Consistency
          BindOptions VolumeOptions ImageOptions TmpfsOptions ClusterOptions Propagation
          NonRecursive ReadOnlyNonRecursive ReadOnlyForceRecursive CreateMountpoint NoCopy Subpath
          DriverConfig SizeBytes Replicated Global ReplicatedJob GlobalJob Replicas MaxConcurrent
          TotalCompletions UpdateConfig RollbackConfig Parallelism FailureAction Monitor
          MaxFailureRatio Order EndpointSpec Ports Protocol TargetPort PublishedPort PublishMode
          VirtualIPs NetworkID Addr State StartedAt CompletedAt Message RunningTasks DesiredTasks
          CompletedTasks JobIteration LastExecution Slot NodeID ServiceID Status Reason DesiredState
          NetworksAttachments Timestamp Err ContainerStatus ContainerID PID ExitCode PortStatus
          AssignedGenericResources Volumes Role Availability Description Platform Engine
          EngineVersion Plugins TLSInfo TrustRoot CertIssuerSubject CertIssuerPublicKey
          ManagerStatus Leader Reachability CSIInfo JoinTokens Worker Manager Orchestration
          TaskHistoryRetentionLimit Raft SnapshotInterval KeepOldSnapshots
          LogEntriesForSlowFollowers ElectionTick HeartbeatTick Dispatcher HeartbeatPeriod CAConfig
          NodeCertExpiry ExternalCAs URL CACert SigningCACert SigningCAKey ForceRotate TaskDefaults
          EncryptionConfig AutoLockManagers RootRotationInProgress DataPathPort DefaultAddrPool
          SubnetSize Attachment Network Addresses Self TLSStatus Data Driver Templating Id Created
          Scope EnableIPv4 EnableIPv6 IPAM IPRange Gateway Subnet AuxiliaryAddresses Internal Attachable
          Ingress ConfigFrom ConfigOnly Containers Peers Services
          """
              .split("\\s+"));

  private EngineFields() {}

  static boolean known(String name) {
    return NAMES.contains(name);
  }
}
