package dev.swarm.cli.client.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.Json;
import dev.swarm.core.template.TemplateError;
import java.io.IOException;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormatTest {
  private static final String DATA =
      """
      {"ID":"n1","Name":"web","N":3,"Zero":0,"Ok":true,"No":false,"Nil":null,"List":["a","b"],"Empty":[],
       "Spec":{"Labels":{"k":"v","a":"1"},"Size":2.5}}
      """;

  private static JsonNode data() {
    try {
      return Json.parse(DATA);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> good() {
    return Stream.of(
        Arguments.of("{{.ID}}-{{ .Name }}", "n1-web"),
        Arguments.of("{{.Spec.Labels.k}}", "v"),
        Arguments.of("{{$.Name}}{{(.Spec).Size}}", "web2.5"),
        Arguments.of("{{.List}} {{.Spec.Labels}} {{.Nil}}", "[a b] map[a:1 k:v] <nil>"),
        Arguments.of("{{json .List}} {{json .Name}}", "[\"a\",\"b\"] \"web\""),
        Arguments.of("{{upper .Name}} {{lower \"ABC\"}} {{title .Name}}", "WEB abc Web"),
        Arguments.of("{{truncate .Name 2}} {{.Name | truncate `héllo` | len}}", "we error"),
        Arguments.of("{{join .List \", \"}}", "a, b"),
        Arguments.of("{{range split \"a:b\" \":\"}}<{{.}}>{{end}}", "<a><b>"),
        Arguments.of("{{println .Name .N}}", "web 3\n"),
        Arguments.of("{{print .N .N .Name}}", "3 3web"),
        Arguments.of("{{printf \"%-5s|%3d|%q|%v%%\" .Name .N .ID .Ok}}", "web  |  3|\"n1\"|true%"),
        Arguments.of(
            "{{if .Ok}}y{{else}}n{{end}}{{if .No}}y{{else if .Zero}}z{{else}}n{{end}}", "yn"),
        Arguments.of("{{if and .Ok (eq .Name \"web\")}}1{{end}}{{if not .No}}2{{end}}", "12"),
        Arguments.of("{{if gt .N 2}}>{{end}}{{if le .N 2}}<{{end}}{{if ne .N 3}}!{{end}}", ">"),
        Arguments.of(
            "{{range .List}}{{.}};{{end}}{{range .Empty}}x{{else}}none{{end}}", "a;b;none"),
        Arguments.of("{{range $i, $v := .List}}{{$i}}{{$v}} {{$.ID}} {{end}}", "0a n1 1b n1 "),
        Arguments.of("{{range $k, $v := .Spec.Labels}}{{$k}}={{$v}},{{end}}", "a=1,k=v,"),
        Arguments.of("{{with .Spec}}{{.Size}}{{end}}{{with .Empty}}x{{else}}e{{end}}", "2.5e"),
        Arguments.of("{{$x := .Name}}{{if .Ok}}{{$x = \"new\"}}{{end}}{{$x}}", "new"),
        Arguments.of("{{index .List 1}}{{index .Spec.Labels \"k\"}}{{len .List}}", "bv2"),
        Arguments.of("a {{- .ID -}} b", "an1b"),
        Arguments.of("{{/* nothing */}}x{{- /* trim */ -}} y", "xy"),
        Arguments.of("{{.UpdateStatus}}|{{len .Labels}}", "|0"),
        Arguments.of("{{\"q\\\"\\t\"}}", "q\"\t"),
        Arguments.of("plain } text { ok", "plain } text { ok"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void renders(String template, String expected) {
    if (expected.endsWith("error")) {
      assertThrows(TemplateError.class, () -> Format.parse(template).render(data()));
    } else {
      assertEquals(expected, Format.parse(template).render(data()));
    }
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("{{.ID", "1:1: unclosed action"),
        Arguments.of("ab\n {{foo .ID}}", "2:4: function \"foo\" not defined"),
        Arguments.of("{{.Nmae}}", "1:3: no field \"Nmae\"; there are ID, Name"),
        Arguments.of("{{.ID.Foo}}", "1:6: can't take field \"Foo\" of n1"),
        Arguments.of("{{.UpdateStatus.State}}", "1:16: can't take field \"State\" of nothing"),
        Arguments.of("{{if .ID}}x", "1:12: missing {{end}}"),
        Arguments.of("{{end}}", "1:3: unexpected {{end}}"),
        Arguments.of("{{.ID \"x\"}}", "1:7: unexpected argument after a value"),
        Arguments.of("{{\"x}}", "1:3: unterminated quoted string"),
        Arguments.of("{{$y}}", "1:3: undefined variable \"$y\""),
        Arguments.of("{{upper .N}}", "1:3: error calling upper: expected string; found 3"),
        Arguments.of(
            "{{upper}}", "1:3: error calling upper: wrong number of arguments: want 1, got 0"),
        Arguments.of("{{index .List 9}}", "1:3: error calling index: index out of range: 9"),
        Arguments.of("{{range .N}}{{end}}", "1:9: range can't iterate over 3"),
        Arguments.of("{{.ID | .Name}}", "1:9: a function must follow the pipe"),
        Arguments.of("{{(.ID}}", "1:3: unclosed parenthesis"),
        Arguments.of("{{}}", "1:3: missing value"),
        Arguments.of("{{#}}", "1:3: unexpected \"#\" in an action"),
        Arguments.of("{{/* x", "1:1: unclosed comment"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void saysWhatIsWrongAndWhere(String template, String message) {
    TemplateError e =
        assertThrows(TemplateError.class, () -> Format.parse(template).render(data()));
    String prefix = "template parsing error: template: " + message;
    String actual = String.valueOf(e.getMessage());
    assertEquals(prefix, actual.substring(0, Math.min(prefix.length(), actual.length())));
  }

  /** Any text is a template or an error with a place: nothing else comes out. */
  @Property(tries = 1000)
  void noTemplateDoesHarm(@ForAll("pieces") String template) {
    try {
      Format.parse(template).render(data());
    } catch (TemplateError expected) {
      assertEquals(0, String.valueOf(expected.getMessage()).indexOf("template parsing error"));
    }
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<String> pieces() {
    return net.jqwik.api.Arbitraries.of(
            "{{",
            "}}",
            "{{-",
            " -}}",
            "if ",
            "else",
            "end",
            "range ",
            "with ",
            ".ID",
            ".",
            ".List",
            "$x",
            " := ",
            ",",
            "(",
            ")",
            "|",
            "json ",
            "join ",
            "\"a\"",
            "`",
            " 3",
            "-1",
            " ",
            "\n",
            "text",
            "{{end}}",
            "{{.Name}}",
            "{{range .List}}",
            "{{if .Ok}}",
            "{{else}}",
            "printf ",
            "\"%d%s\"",
            "index ",
            ".Spec.Labels",
            "/*",
            "*/",
            "eq ",
            "nil",
            "true")
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }
}
