package dev.swarm.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.codec.ImageReader;
import dev.swarm.core.codec.ImageWriter;
import dev.swarm.core.stage.Plain;
import dev.swarm.log.v1.Entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/**
 * Laws of entries and images: what is written is what is read, and equal states make equal bytes.
 */
class BytesProperties {

  static byte[] image(Snapshot snapshot) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter.write(snapshot, out);
    return out.toByteArray();
  }

  static Snapshot read(byte[] image) throws IOException {
    return ImageReader.read(new ByteArrayInputStream(image));
  }

  @Property(tries = 100)
  void anImageReadsBackAsTheState(@ForAll @Size(max = 60) List<Integer> numbers)
      throws IOException {
    Snapshot written = new Script().playAll(numbers);
    byte[] image = image(written);
    Snapshot read = read(image);
    assertEquals(
        Plain.of(written),
        Plain.of(read),
        () -> Plain.difference(Plain.of(written), Plain.of(read)));
    assertArrayEquals(image, image(read));
  }

  @Property(tries = 100)
  void aFollowerFedTheEntriesHasTheLeadersState(
      @ForAll @Size(max = 60) List<Integer> numbers, @ForAll @Size(max = 10) List<Integer> restarts)
      throws IOException {
    Script leader = new Script();
    Snapshot follower = Snapshot.EMPTY;
    for (int i = 0; i < numbers.size(); i++) {
      Script.Entry entry = leader.next(numbers.get(i));
      byte[] bytes = EntryCodec.encode(entry.index(), entry.at(), entry.changes());
      leader.play(entry);
      EntryCodec.Decoded decoded = EntryCodec.decode(bytes);
      assertEquals(entry.index(), decoded.sequence());
      assertEquals(entry.at(), decoded.at());
      assertEquals(entry.changes().size(), decoded.changes().size());
      follower = follower.apply(decoded.sequence(), decoded.at(), decoded.changes()).snapshot();
      if (restarts.contains(i)) {
        follower = read(image(follower));
      }
    }
    Object expected = Plain.of(leader.snapshot());
    Object actual = Plain.of(follower);
    assertEquals(expected, actual, () -> Plain.difference(expected, actual));
    assertArrayEquals(image(leader.snapshot()), image(follower));
  }

  @Property(tries = 100)
  void anEntryEncodedAgainHasTheSameBytes(@ForAll @Size(min = 1, max = 30) List<Integer> numbers) {
    Script script = new Script();
    for (int number : numbers) {
      Script.Entry entry = script.next(number);
      byte[] bytes = EntryCodec.encode(entry.index(), entry.at(), entry.changes());
      EntryCodec.Decoded decoded = EntryCodec.decode(bytes);
      assertArrayEquals(
          bytes, EntryCodec.encode(decoded.sequence(), decoded.at(), decoded.changes()));
      script.play(entry);
    }
  }

  @Property(tries = 100)
  void aTornImageIsRefused(@ForAll @Size(min = 5, max = 30) List<Integer> numbers, @ForAll int at)
      throws IOException {
    byte[] image = image(new Script().playAll(numbers));
    int length = Math.floorMod(at, image.length);
    assertThrows(IOException.class, () -> read(Arrays.copyOf(image, length)));
  }

  @Example
  void nothingIsNoImage() {
    assertThrows(EOFException.class, () -> read(new byte[0]));
  }

  @Example
  void whatALaterVersionWroteIsNotGuessed() {
    byte[] later = Entry.newBuilder().setFormat(EntryCodec.FORMAT + 1).build().toByteArray();
    assertThrows(EntryCodec.UnreadableEntryException.class, () -> EntryCodec.decode(later));
    byte[] unknown =
        Entry.newBuilder()
            .setFormat(EntryCodec.FORMAT)
            .addChanges(dev.swarm.log.v1.Change.getDefaultInstance())
            .build()
            .toByteArray();
    assertThrows(EntryCodec.UnreadableEntryException.class, () -> EntryCodec.decode(unknown));
    assertThrows(
        EntryCodec.UnreadableEntryException.class, () -> EntryCodec.decode(new byte[] {1, 2, 3}));
    assertEquals(0, EntryCodec.decode(EntryCodec.encode(0, Instant.EPOCH, List.of())).sequence());
  }
}
