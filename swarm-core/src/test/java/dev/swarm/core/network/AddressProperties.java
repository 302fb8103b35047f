package dev.swarm.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Addresses are read as they are written, and nothing else is one. */
class AddressProperties {
  @Property
  void ipv4ReadsWhatItWrites(@ForAll int bits) {
    assertEquals(Optional.of(new Ipv4(bits)), Ipv4.parse(new Ipv4(bits).toString()));
  }

  @Property
  void macReadsWhatItWrites(@ForAll @LongRange(max = 0xffff_ffff_ffffL) long bits) {
    assertEquals(
        Optional.of(new MacAddress(bits)), MacAddress.parse(new MacAddress(bits).toString()));
  }

  @Property
  void aSubnetHasItsAddresses(@ForAll int bits, @ForAll @IntRange(max = 32) int length) {
    Ipv4Prefix prefix = new Ipv4Prefix(new Ipv4(bits), length);

    assertTrue(prefix.contains(prefix.address()));
    assertTrue(prefix.subnet().contains(prefix.address()));
    assertEquals(Optional.of(prefix), Ipv4Prefix.parse(prefix.toString()));
    assertEquals(
        prefix.address(),
        new Ipv4(prefix.subnet().address().bits() | prefix.offset(prefix.address())));
  }

  @Test
  void otherTextsAreNoAddresses() {
    for (String text :
        new String[] {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "a.b.c.d"}) {
      assertEquals(Optional.empty(), Ipv4.parse(text), text);
    }
    for (String text : new String[] {"1.2.3.4/33", "1.2.3.4/", "1.2.3.4/1/2", "1.2.3.4/+1"}) {
      assertEquals(Optional.empty(), Ipv4Prefix.parse(text), text);
    }
    assertEquals(Optional.empty(), MacAddress.parse("02:42:0a:00:01"));
  }

  @Test
  void theHardwareAddressIsAStockEnginesRule() {
    assertEquals("02:42:0a:00:01:05", MacAddress.of(Ipv4.of("10.0.1.5")).toString());
    assertEquals("02:42:ff:00:01:05", MacAddress.of(Ipv4.of("255.0.1.5")).toString());
  }
}
