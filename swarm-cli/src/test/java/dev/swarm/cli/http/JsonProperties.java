package dev.swarm.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonProperties {
  @Provide
  Arbitrary<JsonNode> json() {
    return json(3);
  }

  private static Arbitrary<JsonNode> json(int depth) {
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().map(TextNode::valueOf),
            Arbitraries.longs().map(LongNode::valueOf),
            Arbitraries.of(BooleanNode.TRUE, BooleanNode.FALSE, NullNode.getInstance()));
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<JsonNode> inner = json(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        inner.list().ofMaxSize(4).map(items -> Json.array().addAll(items)),
        Arbitraries.maps(Arbitraries.strings().ofMaxLength(6), inner)
            .ofMaxSize(4)
            .map(
                fields -> {
                  ObjectNode object = Json.object();
                  fields.forEach(object::set);
                  return object;
                }));
  }

  @Property(tries = 300)
  void whatIsWrittenReadsBack(@ForAll("json") JsonNode node) throws IOException {
    assertEquals(node, Json.parse(Json.text(node)));
    assertEquals(node, Json.parse(Json.pretty(node)));
  }

  @Property(tries = 500)
  void noTextDoesHarm(@ForAll String text) {
    try {
      Json.parse(text);
    } catch (IOException expected) {
      assertEquals("malformed", String.valueOf(expected.getMessage()).substring(0, 9));
    }
  }

  @Example
  void numbersKeepTheirDigits() throws IOException {
    String numbers = "[0,-1,18446744073709551615,9223372036854775807,0.10,1.5,-2.25]";
    assertEquals(numbers, Json.text(Json.parse(numbers)));
  }

  @Example
  void refusesWhatIsNotJson() {
    for (String bad :
        new String[] {
          "{",
          "[1,]",
          "{\"a\"}",
          "01",
          "1.",
          "+1",
          "tru",
          "\"a",
          "\"\\x\"",
          "[1 2]",
          "{} {}",
          "1e99999",
          "\"\n\"",
          "[".repeat(1000)
        }) {
      assertThrows(IOException.class, () -> Json.parse(bad), bad);
    }
  }

  @Example
  void indentsLikeTheEngine() throws IOException {
    assertEquals(
        "[\n    {\n        \"a\": {},\n        \"b\": [\n            1\n        ]\n    }\n]",
        Json.pretty(Json.parse("[{\"a\":{},\"b\":[1]}]")));
  }
}
