package dev.swarm.cli.client.command.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.CommandLineParser;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every flag of create and update, and where its value lands in the spec. */
class ServiceFlagsTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/root");
  private static final String C = "/TaskTemplate/ContainerSpec";

  /** Knows every name and gives it the id {@code id-name}. */
  private static final References REFERENCES =
      new References() {
        @Override
        public String networkId(String name) {
          return "id-" + name;
        }

        @Override
        public Map<String, String> secretIds(List<String> names) {
          return ids(names);
        }

        @Override
        public Map<String, String> configIds(List<String> names) {
          return ids(names);
        }

        private static Map<String, String> ids(List<String> names) {
          Map<String, String> ids = new HashMap<>();
          names.stream().filter(n -> !n.equals("none")).forEach(n -> ids.put(n, "id-" + n));
          return ids;
        }
      };

  private static ObjectNode create(String... words) throws IOException {
    CommandLineParser.Parsed parsed =
        CommandLineParser.parse(ServiceFlags.create(), true, List.of(words));
    return CreateSpec.of(parsed.flags(), parsed.operands(), ENVIRONMENT, REFERENCES);
  }

  private static ObjectNode update(String spec, String... words) throws IOException {
    ObjectNode edited = (ObjectNode) Json.parse(spec.replace('\'', '"'));
    CommandLineParser.Parsed parsed =
        CommandLineParser.parse(ServiceFlags.update(), false, List.of(words));
    UpdateSpec.apply(parsed.flags(), edited, ENVIRONMENT, REFERENCES);
    return edited;
  }

  private static Arguments c(String words, String pointer, String json) {
    return Arguments.of(words, pointer, json);
  }

  static Stream<Arguments> created() {
    return Stream.of(
        c("--cap-add net_admin,x", C + "/CapabilityAdd", "['CAP_NET_ADMIN,X']"),
        c("--cap-add ALL --cap-add CAP_CHOWN --cap-drop chown", C + "/CapabilityAdd", "['ALL']"),
        c("--cap-drop chown", C + "/CapabilityDrop", "['CAP_CHOWN']"),
        c(
            "--config c1",
            C + "/Configs/0",
            "{'File':{'Name':'c1','UID':'0','GID':'0','Mode':292},'ConfigName':'c1','ConfigID':'id-c1'}"),
        c(
            "--constraint node.role==worker",
            "/TaskTemplate/Placement/Constraints",
            "['node.role==worker']"),
        c("--container-label a=b", C + "/Labels", "{'a':'b'}"),
        c("--credential-spec file://x.json", C + "/Privileges/CredentialSpec", "{'File':'x.json'}"),
        c("--credential-spec config://cs", C + "/Privileges/CredentialSpec", "{'Config':'id-cs'}"),
        c(
            "--credential-spec config://cs",
            C + "/Configs/0",
            "{'Runtime':{},'ConfigName':'cs','ConfigID':'id-cs'}"),
        c("--dns 1.1.1.1 --dns fe80::1", C + "/DNSConfig/Nameservers", "['1.1.1.1','fe80::1']"),
        c("--dns-option ndots:2", C + "/DNSConfig/Options", "['ndots:2']"),
        c("--dns-search example.org", C + "/DNSConfig/Search", "['example.org']"),
        c("--endpoint-mode DNSRR", "/EndpointSpec/Mode", "'dnsrr'"),
        c("--entrypoint sh\u00a0-c", C + "/Command", "['sh','-c']"),
        c("-e A=1 -e B=2 -e A=3 -e HOME -e NONE", C + "/Env", "['B=2','A=3','HOME=/root','NONE']"),
        c(
            "--generic-resource gpu=2",
            "/TaskTemplate/Resources/Reservations/GenericResources",
            "[{'DiscreteResourceSpec':{'Kind':'gpu','Value':2}}]"),
        c("--group wheel --group 12", C + "/Groups", "['wheel','12']"),
        c("--health-cmd true", C + "/Healthcheck", "{'Test':['CMD-SHELL','true']}"),
        c(
            "--health-interval 5s --health-timeout 1s --health-start-period 2s"
                + " --health-start-interval 3s --health-retries 4",
            C + "/Healthcheck",
            "{'Interval':5000000000,'Timeout':1000000000,'StartPeriod':2000000000,'StartInterval':3000000000,'Retries':4}"),
        c("--host db:10.0.0.1", C + "/Hosts", "['10.0.0.1 db']"),
        c("--hostname h", C + "/Hostname", "'h'"),
        c("--init", C + "/Init", "true"),
        c("--isolation default", C + "/Isolation", "'default'"),
        c("-l a=b --label c", "/Labels", "{'a':'b','c':''}"),
        c(
            "--limit-cpu .5 --limit-memory 64m --limit-pids 9",
            "/TaskTemplate/Resources/Limits",
            "{'NanoCPUs':500000000,'MemoryBytes':67108864,'Pids':9}"),
        c(
            "--log-driver json-file --log-opt max-size=1m",
            "/TaskTemplate/LogDriver",
            "{'Name':'json-file','Options':{'max-size':'1m'}}"),
        c(
            "--mode replicated-job --replicas 4 --max-concurrent 2",
            "/Mode",
            "{'ReplicatedJob':{'MaxConcurrent':2,'TotalCompletions':4}}"),
        c(
            "--mode replicated-job --replicas 4",
            "/Mode",
            "{'ReplicatedJob':{'MaxConcurrent':4,'TotalCompletions':4}}"),
        c("--mode global", "/Mode", "{'Global':{}}"),
        c("--mode global-job", "/Mode", "{'GlobalJob':{}}"),
        c("--memory-swap -1", "/TaskTemplate/Resources/SwapBytes", "-1"),
        c("--memory-swappiness 10", "/TaskTemplate/Resources/MemorySwappiness", "10"),
        c(
            "--mount type=bind,src=/a,dst=/b,ro,bind-propagation=rshared",
            C + "/Mounts/0",
            "{'Type':'bind','Source':'/a','Target':'/b','ReadOnly':true,'BindOptions':{'Propagation':'rshared'}}"),
        c(
            "--mount target=/v,volume-driver=nfs,volume-opt=o=addr,volume-label=x=y,volume-nocopy",
            C + "/Mounts/0",
            "{'Type':'volume','Target':'/v','VolumeOptions':{'DriverConfig':{'Name':'nfs','Options':{'o':'addr'}},'Labels':{'x':'y'},'NoCopy':true}}"),
        c(
            "--mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1777",
            C + "/Mounts/0/TmpfsOptions",
            "{'SizeBytes':1048576,'Mode':1023}"),
        c("--name web", "/Name", "'web'"),
        c(
            "--network net1 --network name=a,alias=x,alias=y,driver-opt=k=v",
            "/TaskTemplate/Networks",
            "[{'Target':'id-a','Aliases':['x','y'],'DriverOpts':{'k':'v'}},{'Target':'id-net1'}]"),
        c("--no-healthcheck", C + "/Healthcheck", "{'Test':['NONE']}"),
        c("--oom-score-adj -500", C + "/OomScoreAdj", "-500"),
        c(
            "--placement-pref spread=node.labels.zone",
            "/TaskTemplate/Placement/Preferences",
            "[{'Spread':{'SpreadDescriptor':'node.labels.zone'}}]"),
        c(
            "-p 8080:80",
            "/EndpointSpec/Ports",
            "[{'Protocol':'tcp','TargetPort':80,'PublishedPort':8080,'PublishMode':'ingress'}]"),
        c(
            "-p 53/udp",
            "/EndpointSpec/Ports",
            "[{'Protocol':'udp','TargetPort':53,'PublishMode':'ingress'}]"),
        c(
            "-p 8000-8001:80-81",
            "/EndpointSpec/Ports/1",
            "{'Protocol':'tcp','TargetPort':81,'PublishedPort':8001,'PublishMode':'ingress'}"),
        c(
            "--publish mode=host,target=80,published=81,protocol=sctp",
            "/EndpointSpec/Ports/0",
            "{'Protocol':'sctp','TargetPort':80,'PublishedPort':81,'PublishMode':'host'}"),
        c("--read-only", C + "/ReadOnly", "true"),
        c("--replicas 3", "/Mode", "{'Replicated':{'Replicas':3}}"),
        c("--replicas-max-per-node 2", "/TaskTemplate/Placement/MaxReplicas", "2"),
        c(
            "--reserve-cpu 2 --reserve-memory 1g",
            "/TaskTemplate/Resources/Reservations",
            "{'NanoCPUs':2000000000,'MemoryBytes':1073741824}"),
        c(
            "--restart-condition on-failure",
            "/TaskTemplate/RestartPolicy",
            "{'Condition':'on-failure','Delay':5000000000,'MaxAttempts':0}"),
        c(
            "--restart-delay 1s --restart-max-attempts 3 --restart-window 1m",
            "/TaskTemplate/RestartPolicy",
            "{'Condition':'any','Delay':1000000000,'MaxAttempts':3,'Window':60000000000}"),
        c(
            "--rollback-parallelism 2 --rollback-delay 1s --rollback-monitor 2s",
            "/RollbackConfig",
            "{'Parallelism':2,'FailureAction':'pause','Monitor':2000000000,'MaxFailureRatio':0,'Order':'stop-first','Delay':1000000000}"),
        c(
            "--rollback-failure-action continue --rollback-max-failure-ratio .25 --rollback-order"
                + " start-first",
            "/RollbackConfig",
            "{'Parallelism':1,'FailureAction':'continue','Monitor':5000000000,'MaxFailureRatio':0.25,'Order':'start-first'}"),
        c(
            "--secret source=s,target=/t,uid=1,gid=2,mode=0400",
            C + "/Secrets",
            "[{'File':{'Name':'/t','UID':'1','GID':'2','Mode':256},'SecretName':'s','SecretID':'id-s'}]"),
        c("--stop-grace-period 3s", C + "/StopGracePeriod", "3000000000"),
        c("--stop-signal SIGINT", C + "/StopSignal", "'SIGINT'"),
        c("--sysctl net.core.somaxconn=1024", C + "/Sysctls", "{'net.core.somaxconn':'1024'}"),
        c("-t", C + "/TTY", "true"),
        c(
            "--ulimit nofile=10:20 --ulimit core=0",
            C + "/Ulimits",
            "[{'Name':'core','Hard':0,'Soft':0},{'Name':'nofile','Hard':20,'Soft':10}]"),
        c(
            "--update-parallelism 0 --update-delay 1s --update-monitor 2s",
            "/UpdateConfig",
            "{'Parallelism':0,'FailureAction':'pause','Monitor':2000000000,'MaxFailureRatio':0,'Order':'stop-first','Delay':1000000000}"),
        c(
            "--update-failure-action rollback --update-max-failure-ratio 0.1 --update-order"
                + " start-first",
            "/UpdateConfig",
            "{'Parallelism':1,'FailureAction':'rollback','Monitor':5000000000,'MaxFailureRatio':0.1,'Order':'start-first'}"),
        c("-u 1000:100", C + "/User", "'1000:100'"),
        c("-w /srv", C + "/Dir", "'/srv'"),
        c(
            "--runtime process -e A=1 -w /srv --stop-signal TERM --stop-grace-period 2s",
            "/TaskTemplate/ProcessSpec",
            "{'Command':['nginx','-g','x'],'Env':['A=1'],'Dir':'/srv','StopSignal':'TERM','StopGracePeriod':2000000000}"),
        c("--runtime process", "/TaskTemplate/Runtime", "'process'"),
        c("--runtime container", C + "/Args", "['-g','x']"));
  }

  @ParameterizedTest
  @MethodSource("created")
  void createPutsEachFlagInItsPlace(String words, String pointer, String json) throws IOException {
    assertSame(json, create(words(words, "nginx", "-g", "x")).at(pointer));
  }

  static Stream<Arguments> updated() {
    return Stream.of(
        c("--args a\u00a0b", C + "/Args", "['a','b']"),
        c(
            "--cap-add chown --cap-drop kill",
            C,
            "{'CapabilityAdd':['CAP_NET_RAW'],'CapabilityDrop':['CAP_KILL']}",
            "{'CapabilityAdd':['CAP_NET_RAW'],'CapabilityDrop':['CAP_CHOWN']}"),
        c("--cap-drop net_raw", C, "{}", "{'CapabilityAdd':['CAP_NET_RAW']}"),
        c(
            "--config-add c2 --config-rm c1",
            C + "/Configs",
            "[{'File':{'Name':'c2','UID':'0','GID':'0','Mode':292},'ConfigName':'c2','ConfigID':'id-c2'}]",
            "[{'File':{'Name':'c1'},'ConfigName':'c1','ConfigID':'i1'}]"),
        c(
            "--constraint-add b==2 --constraint-rm a==1",
            "/TaskTemplate/Placement/Constraints",
            "['b==2','c==3']",
            "['c==3','a==1']"),
        c(
            "--container-label-add a=2 --container-label-rm b",
            C + "/Labels",
            "{'a':'2'}",
            "{'a':'1','b':'1'}"),
        c(
            "--credential-spec registry://x",
            C + "/Privileges",
            "{'CredentialSpec':{'Registry':'x'},'Unknown':1}",
            "{'Unknown':1}"),
        c(
            "--dns-add 2.2.2.2 --dns-rm 1.1.1.1",
            C + "/DNSConfig/Nameservers",
            "['2.2.2.2','3.3.3.3']",
            "['3.3.3.3','1.1.1.1']"),
        c("--dns-option-add b --dns-option-rm a", C + "/DNSConfig/Options", "['b']", "['a']"),
        c(
            "--dns-search-add b.org --dns-search-rm a.org",
            C + "/DNSConfig/Search",
            "['b.org']",
            "['a.org']"),
        c("--endpoint-mode dnsrr", "/EndpointSpec/Mode", "'dnsrr'", "'vip'"),
        c("--entrypoint /init", C + "/Command", "['/init']", "['/old']"),
        c(
            "--env-add A=2 --env-add HOME --env-rm B",
            C + "/Env",
            "['A=2','C=3','HOME=/root']",
            "['A=1','B=2','C=3']"),
        c("--force", "/TaskTemplate/ForceUpdate", "8", "7"),
        c(
            "--generic-resource-add gpu=3 --generic-resource-rm ssd",
            "/TaskTemplate/Resources/Reservations/GenericResources",
            "[{'DiscreteResourceSpec':{'Kind':'gpu','Value':3}}]",
            "[{'DiscreteResourceSpec':{'Kind':'gpu','Value':1}},{'DiscreteResourceSpec':{'Kind':'ssd','Value':1}}]"),
        c("--group-add b --group-rm a", C + "/Groups", "['b']", "['a']"),
        c(
            "--health-cmd x",
            C + "/Healthcheck",
            "{'Interval':1,'Test':['CMD-SHELL','x']}",
            "{'Test':['NONE'],'Interval':1}"),
        c(
            "--health-interval 2ns --health-retries 3 --health-start-interval 4ns"
                + " --health-start-period 5ns --health-timeout 6ns",
            C + "/Healthcheck",
            "{'Interval':2,'Timeout':6,'StartPeriod':5,'StartInterval':4,'Retries':3}",
            "{'Interval':1}"),
        c("--no-healthcheck", C + "/Healthcheck", "{'Test':['NONE']}", "{'Interval':1}"),
        c(
            "--host-add c:3.3.3.3 --host-rm a:1.1.1.1 --host-rm b",
            C + "/Hosts",
            "['1.1.1.1 x','2.2.2.2 a','3.3.3.3 c']",
            "['1.1.1.1 a x','2.2.2.2 a b','4.4.4.4 b']"),
        c("--hostname h", C + "/Hostname", "'h'", "'old'"),
        c("--image img:2", C + "/Image", "'img:2'", "'img:1'"),
        c("--init=false", C + "/Init", "false", "true"),
        c("--isolation hyperv", C + "/Isolation", "'hyperv'", "'default'"),
        c("--label-add a=2 --label-rm b", "/Labels", "{'a':'2'}", "{'a':'1','b':'1'}"),
        c(
            "--limit-cpu 1 --limit-memory 1k",
            "/TaskTemplate/Resources",
            "{'Limits':{'Pids':5,'NanoCPUs':1000000000,'MemoryBytes':1024}}",
            "{'Limits':{'Pids':5}}"),
        c("--limit-pids 6", "/TaskTemplate/Resources/Limits", "{'Pids':6}", "{'Pids':5}"),
        c(
            "--log-driver none --log-opt a=b",
            "/TaskTemplate/LogDriver",
            "{'Name':'none','Options':{'a':'b'}}",
            "{'Name':'x'}"),
        c(
            "--max-concurrent 3",
            "/Mode",
            "{'ReplicatedJob':{'MaxConcurrent':3}}",
            "{'ReplicatedJob':{'MaxConcurrent':1}}"),
        c(
            "--memory-swap 1k --memory-swappiness 5",
            "/TaskTemplate/Resources",
            "{'SwapBytes':1024,'MemorySwappiness':5}",
            "{}"),
        c(
            "--mount-add type=tmpfs,target=/b --mount-rm /a",
            C + "/Mounts",
            "[{'Type':'tmpfs','Target':'/b'},{'Type':'bind','Source':'s','Target':'/c'}]",
            "[{'Target':'/a'},{'Type':'bind','Source':'s','Target':'/c'},{'Target':'/b'}]"),
        c(
            "--network-add b --network-rm a",
            "/TaskTemplate/Networks",
            "[{'Target':'id-b'},{'Target':'id-c','X':1}]",
            "[{'Target':'id-a'},{'Target':'id-c','X':1}]"),
        c("--oom-score-adj 5", C + "/OomScoreAdj", "5", "1"),
        c(
            "--placement-pref-add spread=b --placement-pref-rm spread=a",
            "/TaskTemplate/Placement/Preferences",
            "[{'Spread':{'SpreadDescriptor':'b'}}]",
            "[{'Spread':{'SpreadDescriptor':'a'}}]"),
        c(
            "--publish-add 81:81 --publish-rm 80",
            "/EndpointSpec/Ports",
            "[{'Protocol':'tcp','TargetPort':81,'PublishedPort':81,'PublishMode':'ingress'}]",
            "[{'TargetPort':80,'PublishedPort':8080}]"),
        c("--read-only", C + "/ReadOnly", "true", "false"),
        c(
            "--replicas 5",
            "/Mode",
            "{'Replicated':{'Replicas':5}}",
            "{'Replicated':{'Replicas':1}}"),
        c("--replicas-max-per-node 2", "/TaskTemplate/Placement", "{'MaxReplicas':2}", "{}"),
        c(
            "--reserve-cpu 1 --reserve-memory 1k",
            "/TaskTemplate/Resources",
            "{'Reservations':{'NanoCPUs':1000000000,'MemoryBytes':1024}}",
            "{}"),
        c(
            "--restart-condition none --restart-delay 1ns --restart-max-attempts 2 --restart-window"
                + " 3ns",
            "/TaskTemplate/RestartPolicy",
            "{'Condition':'none','Delay':1,'MaxAttempts':2,'Window':3}",
            "{'Condition':'any'}"),
        c(
            "--rollback-delay 1ns --rollback-failure-action continue --rollback-max-failure-ratio 1"
                + " --rollback-monitor 2ns --rollback-order start-first --rollback-parallelism 3",
            "/RollbackConfig",
            "{'Parallelism':3,'Delay':1,'Monitor':2,'MaxFailureRatio':1,'FailureAction':'continue','Order':'start-first'}",
            "{'Parallelism':1}"),
        c(
            "--secret-add b --secret-rm a",
            C + "/Secrets",
            "[{'File':{'Name':'b','UID':'0','GID':'0','Mode':292},'SecretName':'b','SecretID':'id-b'}]",
            "[{'SecretName':'a'}]"),
        c("--stop-grace-period 1ns", C + "/StopGracePeriod", "1", "2"),
        c("--stop-signal INT", C + "/StopSignal", "'INT'", "'TERM'"),
        c("--sysctl-add b=2 --sysctl-rm a", C + "/Sysctls", "{'b':'2'}", "{'a':'1'}"),
        c("--tty", C + "/TTY", "true", "false"),
        c(
            "--ulimit-add b=2 --ulimit-rm a",
            C + "/Ulimits",
            "[{'Name':'b','Hard':2,'Soft':2}]",
            "[{'Name':'a'},{'Name':'b'}]"),
        c(
            "--update-delay 1ns --update-failure-action rollback --update-max-failure-ratio .5"
                + " --update-monitor 2ns --update-order start-first --update-parallelism 3",
            "/UpdateConfig",
            "{'Parallelism':3,'Delay':1,'Monitor':2,'MaxFailureRatio':0.5,'FailureAction':'rollback','Order':'start-first'}",
            "{'Parallelism':1}"),
        c("--user u", C + "/User", "'u'", "'v'"),
        c("--workdir /w", C + "/Dir", "'/w'", "'/v'"));
  }

  private static Arguments c(String words, String pointer, String json, String before) {
    return Arguments.of(words, pointer, json, before);
  }

  @ParameterizedTest
  @MethodSource("updatedFull")
  void updateEditsEachFlagInItsPlace(String words, String pointer, String json, String before)
      throws IOException {
    String spec = before.isEmpty() ? "{'Name':'web'}" : wrapped(pointer, before);
    assertSame(json, update(spec, words(words)).at(pointer));
  }

  /** Compares as read, for a number written as int is not equal to the same one as long. */
  private static void assertSame(String expected, JsonNode actual) throws IOException {
    assertEquals(Json.parse(expected.replace('\'', '"')), Json.parse(Json.text(actual)));
  }

  static Stream<Arguments> updatedFull() {
    return updated()
        .map(a -> a.get().length == 4 ? a : Arguments.of(a.get()[0], a.get()[1], a.get()[2], ""));
  }

  /** A spec with {@code value} at {@code pointer} and a field nobody knows beside everything. */
  private static String wrapped(String pointer, String value) {
    List<String> names = new ArrayList<>(List.of(pointer.substring(1).split("/")));
    String json = value;
    for (String name : names.reversed()) {
      json = "{'" + name + "':" + json + "}";
    }
    return json;
  }

  private static String[] words(String line, String... more) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      words.add(word.replace('\u00a0', ' '));
    }
    words.addAll(List.of(more));
    return words.toArray(new String[0]);
  }

  /** A flag without a row above is a flag nobody tested. */
  @Test
  void noFlagIsForgotten() {
    assertEquals(
        Set.of("detach", "quiet", "env-file", "no-resolve-image", "with-registry-auth"),
        untested(ServiceFlags.create(), created()));
    assertEquals(
        Set.of("detach", "quiet", "no-resolve-image", "with-registry-auth", "rollback"),
        untested(ServiceFlags.update(), updated()));
  }

  private static Set<String> untested(List<Flag> flags, Stream<Arguments> rows) {
    String all = rows.map(a -> a.get()[0] + " ").collect(Collectors.joining(" "));
    Set<String> untested = new TreeSet<>();
    for (Flag flag : flags) {
      boolean used =
          all.contains("--" + flag.name() + " ")
              || all.contains("--" + flag.name() + "=")
              || (flag.letter() != '\0' && all.contains("-" + flag.letter() + " "));
      if (!used) {
        untested.add(flag.name());
      }
    }
    return untested;
  }

  @Test
  void aBareCreateSaysWhatDockerSays() throws IOException {
    assertEquals(
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"nginx:latest\",\"Init\":false,\"DNSConfig\":{}},"
            + "\"Resources\":{\"Limits\":{},\"Reservations\":{}},\"Placement\":{}},"
            + "\"Mode\":{\"Replicated\":{}},\"EndpointSpec\":{\"Mode\":\"vip\"}}",
        Json.text(create("nginx")));
  }

  @Test
  void anUpdateWithoutFlagsChangesNothing() throws IOException {
    String spec =
        "{\"Name\":\"web\",\"New\":{\"x\":[1,2.50]},\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i\","
            + "\"Init\":true,\"Fresh\":null}},\"Mode\":{\"Replicated\":{\"Replicas\":1}}}";
    assertEquals(spec, Json.text(update(spec.replace('"', '\''))));
  }

  @Test
  void editsAProcessInItsOwnWords() throws IOException {
    String spec =
        "{'TaskTemplate':{'Runtime':'process','ProcessSpec':{'Command':['/bin/a','-x'],'Env':['A=1'],'Unknown':7}},"
            + "'Mode':{'Replicated':{'Replicas':1}}}";
    JsonNode process =
        update(spec, "--args", "-y z", "--env-add", "B=2", "--workdir", "/d", "--replicas", "2")
            .at("/TaskTemplate/ProcessSpec");
    assertEquals(
        "{\"Command\":[\"/bin/a\",\"-y\",\"z\"],\"Env\":[\"A=1\",\"B=2\"],\"Unknown\":7,\"Dir\":\"/d\"}",
        Json.text(process));
    assertEquals(
        "[\"/bin/b\",\"-x\"]",
        Json.text(update(spec, "--image", "/bin/b").at("/TaskTemplate/ProcessSpec/Command")));
    assertThrows(UsageError.class, () -> update(spec, "--mount-add", "target=/x"));
  }

  @Test
  void readsFilesOfVariables(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("env");
    Files.writeString(file, "# comment\n\n  A=1\nHOME\nMISSING\nB=x y\n");
    assertEquals(
        "[\"HOME=/root\",\"B=x y\",\"A=2\"]",
        Json.text(create("--env-file", file.toString(), "-e", "A=2", "i").at(C + "/Env")));
    Files.writeString(file, "A B=1\n");
    assertThrows(UsageError.class, () -> create("--env-file", file.toString(), "i"));
    assertThrows(UsageError.class, () -> create("--env-file", folder + "/none", "i"));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(125, "--replicas -1"),
        Arguments.of(125, "--replicas x"),
        Arguments.of(125, "--limit-memory x"),
        Arguments.of(125, "--limit-cpu x"),
        Arguments.of(125, "--publish 99999:80"),
        Arguments.of(125, "--publish 80:"),
        Arguments.of(125, "--publish 1.2.3.4:80:80"),
        Arguments.of(125, "--publish 80-82:80-81"),
        Arguments.of(125, "--publish target=x"),
        Arguments.of(125, "--publish published=80"),
        Arguments.of(125, "--publish target=80,mode=x"),
        Arguments.of(125, "--mount type=x,target=/a"),
        Arguments.of(125, "--mount type=bind"),
        Arguments.of(125, "--mount type=bind,target=/a,volume-nocopy"),
        Arguments.of(125, "--mount foo=bar,target=/a"),
        Arguments.of(125, "--label =x"),
        Arguments.of(125, "--dns x"),
        Arguments.of(125, "--host x"),
        Arguments.of(125, "--ulimit x"),
        Arguments.of(125, "--ulimit nofile=20:10"),
        Arguments.of(125, "--generic-resource gpu"),
        Arguments.of(125, "--placement-pref pack=x"),
        Arguments.of(125, "--credential-spec x"),
        Arguments.of(125, "--secret source="),
        Arguments.of(125, "--secret source=a,mode=999"),
        Arguments.of(125, "--network name="),
        Arguments.of(125, "--update-delay x"),
        Arguments.of(1, "--secret none"),
        Arguments.of(1, "--secret a --secret a"),
        Arguments.of(1, "--mode swarm"),
        Arguments.of(1, "--mode global --replicas 2"),
        Arguments.of(1, "--max-concurrent 2"),
        Arguments.of(1, "--mode global-job --update-delay 1s"),
        Arguments.of(1, "--no-healthcheck --health-cmd x"),
        Arguments.of(1, "--runtime vm"),
        Arguments.of(1, "--runtime process --mount target=/a"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatMakesNoSense(int code, String words) {
    UsageError e = assertThrows(UsageError.class, () -> create(words(words, "nginx")));
    assertEquals(code, e.exitCode(), e.getMessage());
    assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
  }
}
