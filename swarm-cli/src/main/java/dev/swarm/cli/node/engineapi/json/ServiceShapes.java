package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.swarm.core.spec.Defaults;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.GlobalJob;
import docker.swarmkit.v1.GlobalService;
import docker.swarmkit.v1.JobStatus;
import docker.swarmkit.v1.ListServiceStatusesResponse.ServiceStatus;
import docker.swarmkit.v1.ReplicatedJob;
import docker.swarmkit.v1.ReplicatedService;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import docker.swarmkit.v1.UpdateConfig;
import docker.swarmkit.v1.UpdateStatus;

/** JSON shapes of ServiceSpec, and of the service as users see it. */
public final class ServiceShapes {
  private static final Shape REPLICATED =
      Shape.of(ReplicatedService.getDefaultInstance())
          .check((in, into) -> ((ReplicatedService.Builder) into).setReplicas(Defaults.REPLICAS))
          .always("Replicas", "replicas")
          .build();

  private static final Shape REPLICATED_JOB =
      Shape.of(ReplicatedJob.getDefaultInstance())
          .check((in, into) -> ((ReplicatedJob.Builder) into).setMaxConcurrent(1))
          .always("MaxConcurrent", "max_concurrent")
          .check(
              (in, into) -> {
                var job = (ReplicatedJob.Builder) into;
                job.setTotalCompletions(job.getMaxConcurrent());
              })
          .always("TotalCompletions", "total_completions")
          .build();

  private static final Shape MODE =
      Shape.of(ServiceSpec.getDefaultInstance())
          .field("Replicated", "replicated", REPLICATED)
          .field("Global", "global", Shape.of(GlobalService.getDefaultInstance()).build())
          .field("ReplicatedJob", "replicated_job", REPLICATED_JOB)
          .since(41)
          .field("GlobalJob", "global_job", Shape.of(GlobalJob.getDefaultInstance()).build())
          .since(41)
          .build();

  private static final Shape UPDATE_CONFIG =
      Shape.of(UpdateConfig.getDefaultInstance())
          .always("Parallelism", "parallelism")
          .field("Delay", "delay")
          .always("FailureAction", "failure_action")
          .field("Monitor", "monitor")
          .always("MaxFailureRatio", "max_failure_ratio")
          .always("Order", "order")
          .build();

  private static final Shape ENDPOINT_SPEC =
      Shape.of(EndpointSpec.getDefaultInstance())
          .always("Mode", "mode")
          .field("Ports", "ports", CommonShapes.PORT)
          .build();

  /** What a client sends to create or update a service. */
  public static final Shape SERVICE_SPEC =
      Shape.of(ServiceSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .always("TaskTemplate", "task", TaskShapes.TASK_SPEC)
          .check(
              (in, into) -> {
                if (!((ServiceSpec.Builder) into).hasTask()) {
                  throw in.bad("TaskTemplate", "must be set");
                }
              })
          .group("Mode", MODE)
          .check(ServiceShapes::oneReplicaByDefault)
          .field("UpdateConfig", "update", UPDATE_CONFIG)
          .field("RollbackConfig", "rollback", UPDATE_CONFIG)
          .member(new LegacyNetworks())
          .field("EndpointSpec", "endpoint", ENDPOINT_SPEC)
          .build();

  private static final Shape ENDPOINT =
      Shape.of(Endpoint.getDefaultInstance())
          .orEmpty("Spec", "spec", ENDPOINT_SPEC)
          .field("Ports", "ports", CommonShapes.PORT)
          .field(
              "VirtualIPs",
              "virtual_ips",
              Shape.of(Endpoint.VirtualIP.getDefaultInstance())
                  .field("NetworkID", "network_id")
                  .field("Addr", "addr")
                  .build())
          .build();

  private static final Shape UPDATE_STATUS =
      Shape.of(UpdateStatus.getDefaultInstance())
          .field(
              "State", "state", EnumNames.withUnderscores(UpdateStatus.UpdateState.getDescriptor()))
          .field("StartedAt", "started_at")
          .field("CompletedAt", "completed_at")
          .field("Message", "message")
          .build();

  private static final Shape JOB_STATUS =
      Shape.of(JobStatus.getDefaultInstance())
          .always("JobIteration", "job_iteration", CommonShapes.VERSION)
          .always("LastExecution", "last_execution")
          .build();

  /** A service; only ever written. */
  public static final Shape SERVICE =
      Shape.of(Service.getDefaultInstance())
          .always("ID", "id")
          .inline("meta", CommonShapes.META)
          .always("Spec", "spec", SERVICE_SPEC)
          .field("PreviousSpec", "previous_spec", SERVICE_SPEC)
          .orEmpty("Endpoint", "endpoint", ENDPOINT)
          .field("UpdateStatus", "update_status", UPDATE_STATUS)
          .field("JobStatus", "job_status", JOB_STATUS)
          .build();

  /** Counts of tasks, for lists with {@code status=true}. */
  public static final Shape SERVICE_STATUS =
      Shape.of(ServiceStatus.getDefaultInstance())
          .always("RunningTasks", "running_tasks")
          .always("DesiredTasks", "desired_tasks")
          .always("CompletedTasks", "completed_tasks")
          .build();

  private ServiceShapes() {}

  private static void oneReplicaByDefault(JsonIn.Members in, Message.Builder into) {
    var spec = (ServiceSpec.Builder) into;
    if (spec.getModeCase() == ServiceSpec.ModeCase.MODE_NOT_SET) {
      spec.setReplicated(ReplicatedService.newBuilder().setReplicas(Defaults.REPLICAS));
    }
  }

  /**
   * Clients before 1.44 may put the networks beside the task template; old services have them
   * there.
   */
  private static final class LegacyNetworks implements Shape.Member {
    @Override
    public void read(JsonIn.Members in, Message.Builder into) {
      TaskSpec.Builder task = ((ServiceSpec.Builder) into).getTaskBuilder();
      var networks = in.get("Networks");
      if (in.parent().reading().apiMinor() < 44 && task.getNetworksCount() == 0) {
        networks.ifPresent(
            list ->
                task.setField(
                    task.getDescriptorForType().findFieldByName("networks"),
                    list.elements().stream()
                        .filter(network -> !network.isNull())
                        .map(TaskShapes.NETWORK_TARGET::read)
                        .toList()));
      }
    }

    @Override
    @SuppressWarnings("deprecation")
    public void write(Message from, ObjectNode out) {
      var spec = (ServiceSpec) from;
      if (spec.getTask().getNetworksCount() == 0 && spec.getNetworksCount() > 0) {
        var networks = out.withObject("/TaskTemplate").putArray("Networks");
        spec.getNetworksList().forEach(n -> networks.add(TaskShapes.NETWORK_TARGET.write(n)));
      }
    }
  }
}
