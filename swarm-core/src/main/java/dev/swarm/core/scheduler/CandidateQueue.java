package dev.swarm.core.scheduler;

import java.util.List;

/**
 * Candidates, best first; those of one rank in the order they were given. A heap of numbers: with a
 * hundred thousand nodes, following references to compare would cost more than all the filters.
 */
final class CandidateQueue {
  /** So many low bits of a number say which candidate it is, the others how it ranks. */
  private static final int POSITION_BITS = 21;

  private final Candidate[] candidates;
  private final long[] heap;
  private int size;

  CandidateQueue(List<Candidate> candidates) {
    if (candidates.size() > 1 << POSITION_BITS) {
      throw new IllegalArgumentException("at most " + (1 << POSITION_BITS) + " nodes are ranked");
    }
    this.candidates = candidates.toArray(new Candidate[0]);
    size = this.candidates.length;
    heap = new long[size];
    for (int i = 0; i < size; i++) {
      heap[i] = number(i);
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  private long number(int position) {
    return candidates[position].rank() << POSITION_BITS | position;
  }

  /** The best one's position, for {@link #candidate} and {@link #giveBack}; -1 if none is left. */
  int poll() {
    if (size == 0) {
      return -1;
    }
    long best = heap[0];
    heap[0] = heap[--size];
    sink(0);
    return (int) (best & ((1L << POSITION_BITS) - 1));
  }

  Candidate candidate(int position) {
    return candidates[position];
  }

  /** Puts one that was taken out back, ranked as it is now. */
  void giveBack(int position) {
    heap[size] = number(position);
    int child = size++;
    while (child > 0) {
      int parent = (child - 1) / 2;
      if (heap[parent] <= heap[child]) {
        return;
      }
      swap(parent, child);
      child = parent;
    }
  }

  private void sink(int from) {
    int parent = from;
    while (2 * parent + 1 < size) {
      int child = 2 * parent + 1;
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[parent] <= heap[child]) {
        return;
      }
      swap(parent, child);
      parent = child;
    }
  }

  private void swap(int a, int b) {
    long number = heap[a];
    heap[a] = heap[b];
    heap[b] = number;
  }
}
