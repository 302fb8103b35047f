package dev.swarm.core.store;

import dev.swarm.core.model.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Slot numbers that a service has in use, so that free ones are found without asking every slot.
 *
 * @param last the highest number taken; 0 for none
 * @param gaps the numbers below it that are free
 */
public record SlotNumbers(int last, Table<Slot, Slot> gaps) {
  static final SlotNumbers NONE = new SlotNumbers(0, Table.empty());

  /**
   * The lowest numbers from 1 to {@code max} that are free, in order.
   *
   * @param others slots that have taken a number and can be filled all the same
   */
  public List<Slot> free(int count, int max, Collection<Slot> others) {
    List<Slot> found = new ArrayList<>(gaps.keys());
    found.addAll(others);
    found.removeIf(slot -> !(slot instanceof Slot.Replica replica) || replica.number() > max);
    found.sort(null);
    for (int number = last + 1; number <= max && found.size() < count; number++) {
      found.add(new Slot.Replica(number));
    }
    return found.subList(0, Math.min(count, found.size()));
  }

  /** The numbers while a snapshot is edited. */
  static final class Edit {
    private int last;
    private final Table.Builder<Slot, Slot> gaps;

    Edit(SlotNumbers base) {
      last = base.last;
      gaps = base.gaps.edit();
    }

    void take(Slot slot) {
      if (!(slot instanceof Slot.Replica replica)) {
        return;
      }
      if (replica.number() <= last) {
        gaps.remove(slot);
        return;
      }
      for (int number = last + 1; number < replica.number(); number++) {
        Slot gap = new Slot.Replica(number);
        gaps.put(gap, gap);
      }
      last = replica.number();
    }

    void giveBack(Slot slot) {
      if (!(slot instanceof Slot.Replica replica)) {
        return;
      }
      if (replica.number() < last) {
        gaps.put(slot, slot);
        return;
      }
      do {
        last--;
      } while (last > 0 && gaps.remove(new Slot.Replica(last)) != null);
    }

    SlotNumbers build() {
      return new SlotNumbers(last, gaps.build());
    }
  }
}
