package dev.swarm.manager.api;

import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateExtensionRequest;
import docker.swarmkit.v1.CreateExtensionResponse;
import docker.swarmkit.v1.CreateResourceRequest;
import docker.swarmkit.v1.CreateResourceResponse;
import docker.swarmkit.v1.CreateVolumeRequest;
import docker.swarmkit.v1.CreateVolumeResponse;
import docker.swarmkit.v1.GetExtensionRequest;
import docker.swarmkit.v1.GetExtensionResponse;
import docker.swarmkit.v1.GetResourceRequest;
import docker.swarmkit.v1.GetResourceResponse;
import docker.swarmkit.v1.GetVolumeRequest;
import docker.swarmkit.v1.GetVolumeResponse;
import docker.swarmkit.v1.ListResourcesRequest;
import docker.swarmkit.v1.ListResourcesResponse;
import docker.swarmkit.v1.ListVolumesRequest;
import docker.swarmkit.v1.ListVolumesResponse;
import docker.swarmkit.v1.RemoveExtensionRequest;
import docker.swarmkit.v1.RemoveExtensionResponse;
import docker.swarmkit.v1.RemoveResourceRequest;
import docker.swarmkit.v1.RemoveResourceResponse;
import docker.swarmkit.v1.RemoveVolumeRequest;
import docker.swarmkit.v1.RemoveVolumeResponse;
import docker.swarmkit.v1.UpdateResourceRequest;
import docker.swarmkit.v1.UpdateResourceResponse;
import docker.swarmkit.v1.UpdateVolumeRequest;
import docker.swarmkit.v1.UpdateVolumeResponse;
import io.grpc.stub.StreamObserver;

/** Refuses the control requests that this version does not implement, and names what is missing. */
abstract sealed class UnavailableControl extends ControlGrpc.ControlImplBase
    permits ControlService {
  private static final String EXTENSIONS = "extensions";
  private static final String RESOURCES = "resources";
  private static final String VOLUMES = "cluster volumes";

  @Override
  public void getExtension(
      GetExtensionRequest request, StreamObserver<GetExtensionResponse> observer) {
    Replies.notYet(EXTENSIONS, observer);
  }

  @Override
  public void createExtension(
      CreateExtensionRequest request, StreamObserver<CreateExtensionResponse> observer) {
    Replies.notYet(EXTENSIONS, observer);
  }

  @Override
  public void removeExtension(
      RemoveExtensionRequest request, StreamObserver<RemoveExtensionResponse> observer) {
    Replies.notYet(EXTENSIONS, observer);
  }

  @Override
  public void getResource(
      GetResourceRequest request, StreamObserver<GetResourceResponse> observer) {
    Replies.notYet(RESOURCES, observer);
  }

  @Override
  public void createResource(
      CreateResourceRequest request, StreamObserver<CreateResourceResponse> observer) {
    Replies.notYet(RESOURCES, observer);
  }

  @Override
  public void removeResource(
      RemoveResourceRequest request, StreamObserver<RemoveResourceResponse> observer) {
    Replies.notYet(RESOURCES, observer);
  }

  @Override
  public void updateResource(
      UpdateResourceRequest request, StreamObserver<UpdateResourceResponse> observer) {
    Replies.notYet(RESOURCES, observer);
  }

  @Override
  public void listResources(
      ListResourcesRequest request, StreamObserver<ListResourcesResponse> observer) {
    Replies.notYet(RESOURCES, observer);
  }

  @Override
  public void getVolume(GetVolumeRequest request, StreamObserver<GetVolumeResponse> observer) {
    Replies.notYet(VOLUMES, observer);
  }

  @Override
  public void createVolume(
      CreateVolumeRequest request, StreamObserver<CreateVolumeResponse> observer) {
    Replies.notYet(VOLUMES, observer);
  }

  @Override
  public void removeVolume(
      RemoveVolumeRequest request, StreamObserver<RemoveVolumeResponse> observer) {
    Replies.notYet(VOLUMES, observer);
  }

  @Override
  public void updateVolume(
      UpdateVolumeRequest request, StreamObserver<UpdateVolumeResponse> observer) {
    Replies.notYet(VOLUMES, observer);
  }

  @Override
  public void listVolumes(
      ListVolumesRequest request, StreamObserver<ListVolumesResponse> observer) {
    Replies.notYet(VOLUMES, observer);
  }
}
