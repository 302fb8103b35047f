package dev.swarm.manager.members;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a caller is answered. */
final class Heard implements ClientResponseObserver<String, String> {
  private static final int SECONDS_MAX = 30;

  /** How a call ended. */
  record End(Status.Code code, String description, Metadata trailers) {}

  private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<String> call;

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<String> started) {
    call = started;
  }

  void cancel() {
    if (call != null) {
      call.cancel("enough", null);
    }
  }

  @Override
  public void onNext(String word) {
    words.add(word);
  }

  @Override
  public void onError(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    Metadata trailers = Status.trailersFromThrowable(failure);
    end.complete(
        new End(
            status.getCode(),
            String.valueOf(status.getDescription()),
            trailers == null ? new Metadata() : trailers));
  }

  @Override
  public void onCompleted() {
    end.complete(new End(Status.Code.OK, "", new Metadata()));
  }

  boolean isOver() {
    return end.isDone();
  }

  End end() {
    return await(end);
  }

  String next() {
    try {
      String word = words.poll(SECONDS_MAX, TimeUnit.SECONDS);
      if (word == null) {
        throw new AssertionError("nothing more was heard");
      }
      return word;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything, of a call that ends well. */
  List<String> all() {
    End how = end();
    if (how.code() != Status.Code.OK) {
      throw new AssertionError(how.toString());
    }
    return List.copyOf(words);
  }
}
