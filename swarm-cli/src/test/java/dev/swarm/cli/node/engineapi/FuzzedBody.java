package dev.swarm.cli.node.engineapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.json.RandomMessages;
import dev.swarm.cli.node.engineapi.json.ServiceShapes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A body for one of our operations, more or less what it should be. */
record FuzzedBody(String target, byte[] bytes) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DEPTH_MAX = 2;

  /** Every operation that reads a body, with one that it takes. */
  private static final List<List<String>> GOOD =
      List.of(
          List.of(
              "/swarm/init",
              """
              {"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"10.0.0.1","DataPathPort":4789,
               "DefaultAddrPool":["10.0.0.0/8"],"SubnetSize":24,"ForceNewCluster":false,
               "AutoLockManagers":false,"Availability":"active",
               "Spec":{"Name":"default","Labels":{"a":"b"},"Raft":{"SnapshotInterval":1}}}
              """),
          List.of(
              "/swarm/join",
              """
              {"ListenAddr":"eth0:2377","AdvertiseAddr":"eth0","DataPathAddr":"",
               "RemoteAddrs":["10.0.0.1:2377"],"JoinToken":"SWMTKN-1-x","Availability":"drain"}
              """),
          List.of(
              "/swarm/update?version=1",
              """
              {"Name":"default","Labels":{"a":"b"},
               "Orchestration":{"TaskHistoryRetentionLimit":5},
               "Raft":{"SnapshotInterval":10000,"KeepOldSnapshots":1,"ElectionTick":10},
               "Dispatcher":{"HeartbeatPeriod":5000000000},
               "CAConfig":{"NodeCertExpiry":7776000000000000,"ExternalCAs":[{"URL":"https://x"}]},
               "EncryptionConfig":{"AutoLockManagers":false},
               "TaskDefaults":{"LogDriver":{"Name":"json-file","Options":{"max-size":"1m"}}}}
              """),
          List.of("/swarm/unlock", "{\"UnlockKey\":\"SWMKEY-1-x\"}"),
          List.of(
              "/nodes/NODE/update?version=1",
              "{\"Name\":\"n\",\"Labels\":{\"a\":\"b\"},\"Role\":\"manager\",\"Availability\":\"active\"}"),
          List.of(
              "/secrets/create",
              "{\"Name\":\"s\",\"Labels\":{\"a\":\"b\"},\"Data\":\"c2VjcmV0\",\"Templating\":{\"Name\":\"golang\"}}"),
          List.of("/secrets/s/update?version=1", "{\"Name\":\"s\",\"Labels\":{\"a\":\"c\"}}"),
          List.of(
              "/configs/create",
              "{\"Name\":\"c\",\"Labels\":{\"a\":\"b\"},\"Data\":\"Y29uZmln\",\"Templating\":{\"Name\":\"golang\"}}"),
          List.of("/configs/c/update?version=1", "{\"Name\":\"c\",\"Labels\":{\"a\":\"c\"}}"),
          List.of(
              "/networks/create",
              """
              {"Name":"n","Driver":"overlay","CheckDuplicate":true,"Attachable":true,
               "Ingress":false,"EnableIPv6":false,"Internal":true,"Scope":"swarm",
               "IPAM":{"Driver":"default","Options":{"a":"b"},"Config":[
                 {"Subnet":"10.7.0.0/24","Gateway":"10.7.0.1","IPRange":"10.7.0.0/25",
                  "AuxiliaryAddresses":{"x":"10.7.0.9"}}]},
               "Options":{"encrypted":""},"Labels":{"a":"b"}}
              """));

  private static final List<String> WORDS =
      List.of(
          "",
          "-",
          " ",
          "\ud800",
          "\u0000",
          "é😀",
          "container",
          "../..",
          "{{.Task.Slot}}",
          "{{",
          "\n",
          "NaN",
          "1e99999",
          "10.0.0.0/99",
          "a=b",
          "x".repeat(5000),
          "\r\nX: y",
          "%s%n");

  private static final List<String> NAMES =
      List.of(
          "Name",
          "name",
          "Labels",
          "TaskTemplate",
          "ContainerSpec",
          "Mode",
          "Replicated",
          "Raft",
          "Data",
          "IPAM",
          "Nobody",
          "Mounts",
          "Ports",
          "Spec",
          "");

  static FuzzedBody draw(Random random) {
    boolean service = random.nextBoolean();
    String target;
    JsonNode json;
    if (service) {
      target = random.nextInt(4) == 0 ? "/services/x/update?version=1" : "/services/create";
      double density = random.nextInt(3) == 0 ? 0.05 : random.nextDouble();
      json =
          ServiceShapes.SERVICE_SPEC.write(
              new RandomMessages(random.nextLong(), density).serviceSpec());
    } else {
      List<String> good = GOOD.get(random.nextInt(GOOD.size()));
      target = good.getFirst();
      json = parse(good.getLast());
    }
    for (int damages = random.nextInt(3); damages > 0; damages--) {
      damage(random, json);
    }
    if (random.nextInt(10) == 0) {
      json = anything(random, DEPTH_MAX);
    }
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    return new FuzzedBody(target, random.nextInt(4) == 0 ? broken(random, bytes) : bytes);
  }

  private static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Puts something else somewhere into it. */
  private static void damage(Random random, JsonNode node) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = object.properties().stream().map(Map.Entry::getKey).toList();
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0 || object.get(name).isValueNode()) {
        object.set(name, anything(random, DEPTH_MAX));
      } else {
        damage(random, object.get(name));
      }
    } else if (node instanceof ArrayNode list && !list.isEmpty()) {
      int place = random.nextInt(list.size());
      if (random.nextInt(4) == 0 || list.get(place).isValueNode()) {
        var _ = list.set(place, anything(random, DEPTH_MAX));
      } else {
        damage(random, list.get(place));
      }
    } else if (node instanceof ObjectNode empty) {
      empty.set(NAMES.get(random.nextInt(NAMES.size())), anything(random, DEPTH_MAX));
    }
  }

  private static JsonNode anything(Random random, int depth) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 10 : 7)) {
      case 0 -> make.nullNode();
      case 1 -> make.booleanNode(random.nextBoolean());
      case 2 -> make.numberNode(random.nextLong());
      case 3 -> make.numberNode(random.nextDouble() * 1e300);
      case 4 -> make.numberNode(BigInteger.ONE.shiftLeft(random.nextInt(300)).negate());
      case 5 -> make.textNode(WORDS.get(random.nextInt(WORDS.size())));
      case 6 -> make.numberNode(random.nextInt(5) - 2);
      case 7 -> make.arrayNode().add(anything(random, depth - 1)).add(anything(random, depth - 1));
      case 8 -> make.objectNode();
      default -> {
        ObjectNode object = make.objectNode();
        for (int i = 0; i < 3; i++) {
          object.set(NAMES.get(random.nextInt(NAMES.size())), anything(random, depth - 1));
        }
        yield object;
      }
    };
  }

  /** As text it is no longer JSON, or not the same. */
  private static byte[] broken(Random random, byte[] bytes) {
    int place = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, place);
      case 1 -> {
        byte[] flipped = bytes.clone();
        if (flipped.length > 0) {
          flipped[place] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      case 2 -> spliced(bytes, place, "[".repeat(1 + random.nextInt(200_000)));
      case 3 -> spliced(bytes, place, "9".repeat(1 + random.nextInt(2000)));
      case 4 -> spliced(bytes, place, "{\"a\":".repeat(1 + random.nextInt(200)));
      default -> spliced(bytes, place, "\u0000\ufeff");
    };
  }

  private static byte[] spliced(byte[] bytes, int place, String text) {
    byte[] middle = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(bytes, bytes.length + middle.length);
    System.arraycopy(bytes, place, all, place + middle.length, bytes.length - place);
    System.arraycopy(middle, 0, all, place, middle.length);
    return all;
  }
}
