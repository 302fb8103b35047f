package dev.swarm.core.store;

/**
 * The addresses of one network that are taken.
 *
 * @param taken how many hold each address: one, unless something is wrong
 * @param last the one taken last; the search for the next goes on behind it, so that an address
 *     just given back rests for a while
 */
public record Addresses(Table<String, Integer> taken, String last) {
  public static final Addresses NONE = new Addresses(Table.empty(), "");

  /** An address without the prefix length of its subnet. */
  public static String bare(String address) {
    int slash = address.indexOf('/');
    return slash < 0 ? address : address.substring(0, slash);
  }

  /** The same with {@code address}, a bare one, taken once more. */
  public Addresses plus(String address) {
    return new Addresses(count(address, 1), address);
  }

  Addresses minus(String address) {
    return new Addresses(count(address, -1), last);
  }

  private Table<String, Integer> count(String address, int more) {
    Table.Builder<String, Integer> edit = taken.edit();
    int count = taken.getOrDefault(address, 0) + more;
    if (count > 0) {
      edit.put(address, count);
    } else {
      edit.remove(address);
    }
    return edit.build();
  }
}
