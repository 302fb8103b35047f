package dev.swarm.worker.engine;

import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Runs the programs of tasks. A task is known by its id; every operation may be repeated, and
 * repeating it after a restart of this process takes over what is already there.
 *
 * <p>No method blocks. Stages complete on a thread of the adapter's choosing; a stage fails with an
 * {@link EngineException} whose message is shown to the user as the task's error; if that says that
 * the engine was away, the operation is tried again. {@link #stop} and {@link #remove} overtake a
 * {@link #prepare} or {@link #start} that is still under way: what that one would have made later
 * is not made, or undone.
 *
 * <p>A worker takes a method that throws, a stage that is missing or completes with null, and one
 * that stays silent for longer than stated, for a failure of that operation. A {@link #prepare},
 * {@link #start} and {@link #await} may take as long as they like.
 */
public interface Engine extends AutoCloseable {
  /** Whether this engine knows the runtime that {@code spec} asks for. */
  boolean runs(TaskSpec spec);

  /** What the node can offer through this engine. Completes within 10 s. */
  CompletionStage<EngineOffer> describe();

  /**
   * Has {@code look} called, on any thread, when {@link #describe} may say something else than
   * before. An engine that never calls it is asked now and then all the same.
   */
  default void whenOfferChanges(Runnable changed) {}

  /**
   * Fetches and creates whatever the task needs, short of starting it. What then stands for the
   * task is told to users while it starts; nothing ({@link Unit#NONE}) if the engine has no name
   * for it yet.
   */
  CompletionStage<Unit> prepare(Task task, Dependencies dependencies);

  /** Starts a prepared task; completes once it runs, with a health check once it is healthy. */
  CompletionStage<Unit> start(Task task);

  /** Completes when the task's program has ended. Fails if there is no such program. */
  CompletionStage<Exit> await(Task task);

  /**
   * Asks the program to end, after the task's grace period ends it. Completes when it has ended,
   * within 30 s after that period.
   */
  CompletionStage<Unit> stop(Task task);

  /**
   * Ends the program if it runs and removes every trace. Does nothing for an unknown task. Within
   * 30 s.
   */
  CompletionStage<Void> remove(String taskId);

  /**
   * Delivers the task's log from the start or as {@code options} say, as fast as is requested. By
   * default a task has none.
   */
  default void logs(Task task, LogOptions options, Flow.Subscriber<LogMessage> subscriber) {
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {}
        });
    subscriber.onComplete();
  }

  /** The ids of all tasks of this node that have left something with the engine. Within 30 s. */
  CompletionStage<List<String>> list();

  /** Lets go of the engine. Tasks keep running. */
  @Override
  void close();
}
