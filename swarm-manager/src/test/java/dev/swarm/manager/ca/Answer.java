package dev.swarm.manager.ca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** What a unary call came to. */
final class Answer<T> implements StreamObserver<T> {
  private final List<T> values = new ArrayList<>();
  private final List<Status> ends = new ArrayList<>();

  @Override
  public void onNext(T value) {
    values.add(value);
  }

  @Override
  public void onError(Throwable failure) {
    ends.add(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    ends.add(Status.OK);
  }

  T value() {
    assertEquals(List.of(Status.OK), ends);
    assertEquals(1, values.size());
    return values.getFirst();
  }

  /** The sentence of a refusal that has that code. */
  String refusal(Status.Code code) {
    assertEquals(1, ends.size());
    assertEquals(code, ends.getFirst().getCode());
    assertTrue(values.isEmpty());
    return String.valueOf(ends.getFirst().getDescription());
  }
}
