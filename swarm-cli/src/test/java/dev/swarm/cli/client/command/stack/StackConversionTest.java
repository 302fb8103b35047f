package dev.swarm.cli.client.command.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.References;
import dev.swarm.cli.http.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each key of a Compose file becomes, and what is said of those that make no sense. */
class StackConversionTest {
  private static final Map<String, String> VARIABLES =
      Map.of("TAG", "1.27", "EMPTY", "", "HOME", "/root", "COUNT", "4", "YES", "yes");
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
          names.forEach(name -> ids.put(name, "id-" + name));
          return ids;
        }
      };

  private static final String DECLARED =
      """

      networks: {back: {}, out: {external: true}, named: {name: mine}}
      volumes:
        data:
        nfs: {driver: local, driver_opts: {type: nfs}, labels: {a: b}}
        out: {external: true, name: real}
      secrets: {key: {environment: TAG}, pin: {external: {name: pincode}}}
      configs: {motd: {content: hello}, cred: {content: "{}"}}
      """;

  @TempDir Path folder = Path.of("");

  private static Project project(String yaml) throws IOException {
    var in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
    return Project.load(List.of("-"), in, VARIABLES, true);
  }

  /** A service of these keys, and everything that it may refer to. */
  private static JsonNode web(String keys) throws IOException {
    Project project = project("services:\n  web:\n    image: nginx\n" + keys.indent(4) + DECLARED);
    StackServices services = new StackServices(project, new Stack("app"));
    services.check();
    return services.specs(REFERENCES).getOrDefault("web", Json.object());
  }

  private static Arguments c(String keys, String pointer, String json) {
    return Arguments.of(keys, pointer, json);
  }

  static Stream<Arguments> converted() {
    return Stream.of(
        c("image: a/b:1", C + "/Image", "'a/b:1'"),
        c("image: 'nginx:${TAG}'", "/Labels/com.docker.stack.image", "'nginx:1.27'"),
        c("{}", "/Name", "'app_web'"),
        c("{}", "/Labels/com.docker.stack.namespace", "'app'"),
        c("{}", C + "/Labels", "{'com.docker.stack.namespace':'app'}"),
        c("{}", C + "/Privileges", "{'CredentialSpec':null,'SELinuxContext':null}"),
        c("{}", "/TaskTemplate/Networks", "[{'Target':'app_default','Aliases':['web']}]"),
        c("{}", "/Mode", "{'Replicated':{}}"),
        c("{}", "/EndpointSpec", "{}"),
        c("{}", "/TaskTemplate/Resources", "{}"),
        c("command: sh -c 'echo $$X'", C + "/Args", "['sh','-c','echo $X']"),
        c("command: [sh, 1]", C + "/Args", "['sh','1']"),
        c("entrypoint: /a b", C + "/Command", "['/a','b']"),
        c("environment: [B=2, A=1, HOME, NONE]", C + "/Env", "['A=1','B=2','HOME=/root','NONE']"),
        c(
            "environment: {A: 1, B: 0.50, C: , HOME: ''}",
            C + "/Env",
            "['A=1','B=0.5','C','HOME=/root']"),
        c("labels: [a=1, b]", C + "/Labels", "{'a':'1','b':'','com.docker.stack.namespace':'app'}"),
        c("hostname: h", C + "/Hostname", "'h'"),
        c("user: 1000", C + "/User", "'1000'"),
        c("group_add: [1, docker]", C + "/Groups", "['1','docker']"),
        c("working_dir: /w", C + "/Dir", "'/w'"),
        c("tty: true", C + "/TTY", "true"),
        c("stdin_open: yes", C + "/OpenStdin", "true"),
        c("read_only: '${YES}'", C + "/ReadOnly", "true"),
        c("init: false", C + "/Init", "false"),
        c("stop_signal: SIGINT", C + "/StopSignal", "'SIGINT'"),
        c("stop_grace_period: 1m30s", C + "/StopGracePeriod", "90000000000"),
        c("isolation: hyperv", C + "/Isolation", "'hyperv'"),
        c("oom_score_adj: -5", C + "/OomScoreAdj", "-5"),
        c("dns: 1.1.1.1", C + "/DNSConfig/Nameservers", "['1.1.1.1']"),
        c("dns: [1.1.1.1, '::1']", C + "/DNSConfig/Nameservers", "['1.1.1.1','::1']"),
        c("dns_search: [a.b]", C + "/DNSConfig/Search", "['a.b']"),
        c("dns_opt: [x]", C + "/DNSConfig/Options", "['x']"),
        c("extra_hosts: ['a:1.2.3.4', 'b=[::1]']", C + "/Hosts", "['1.2.3.4 a','::1 b']"),
        c("extra_hosts: {a: 1.2.3.4}", C + "/Hosts", "['1.2.3.4 a']"),
        c("cap_add: [net_admin]", C + "/CapabilityAdd", "['CAP_NET_ADMIN']"),
        c("cap_drop: [ALL, CHOWN]", C + "/CapabilityDrop", "['ALL']"),
        c("sysctls: {net.x: 1}", C + "/Sysctls", "{'net.x':'1'}"),
        c(
            "ulimits: {nproc: 5, nofile: {soft: 1, hard: 2}}",
            C + "/Ulimits",
            "[{'Name':'nofile','Hard':2,'Soft':1},{'Name':'nproc','Hard':5,'Soft':5}]"),
        c(
            "healthcheck: {test: curl x, retries: 3, timeout: 1s, start_interval: 2s}",
            C + "/Healthcheck",
            "{'Test':['CMD-SHELL','curl x'],'Timeout':1000000000,'StartInterval':2000000000,"
                + "'Retries':3}"),
        c("healthcheck: {disable: true}", C + "/Healthcheck", "{'Test':['NONE']}"),
        c(
            "logging: {driver: syslog, options: {a: 1, b: }}",
            "/TaskTemplate/LogDriver",
            "{'Name':'syslog','Options':{'a':'1','b':''}}"),
        c(
            "ports: ['80', '8080:81/udp', '9000-9001:90-91', '127.0.0.1:5:6']",
            "/EndpointSpec/Ports",
            "[{'Protocol':'tcp','TargetPort':80,'PublishMode':'ingress'},"
                + "{'Protocol':'tcp','TargetPort':6,'PublishedPort':5,'PublishMode':'ingress'},"
                + "{'Protocol':'udp','TargetPort':81,'PublishedPort':8080,'PublishMode':'ingress'},"
                + "{'Protocol':'tcp','TargetPort':90,'PublishedPort':9000,'PublishMode':'ingress'},"
                + "{'Protocol':'tcp','TargetPort':91,'PublishedPort':9001,'PublishMode':'ingress'}]"),
        c(
            "ports: [{target: 80, published: '81', mode: host, protocol: udp, name: x}]",
            "/EndpointSpec/Ports",
            "[{'Protocol':'udp','TargetPort':80,'PublishedPort':81,'PublishMode':'host'}]"),
        c(
            "volumes: [data:/d]",
            C + "/Mounts",
            "[{'Type':'volume','Source':'app_data','Target':'/d',"
                + "'VolumeOptions':{'Labels':{'com.docker.stack.namespace':'app'}}}]"),
        c(
            "volumes: [nfs:/d:nocopy]",
            C + "/Mounts/0/VolumeOptions",
            "{'NoCopy':true,'Labels':{'a':'b','com.docker.stack.namespace':'app'},"
                + "'DriverConfig':{'Name':'local','Options':{'type':'nfs'}}}"),
        c(
            "volumes: [out:/d]",
            C + "/Mounts",
            "[{'Type':'volume','Source':'real','Target':'/d','VolumeOptions':{}}]"),
        c(
            "volumes: ['/a:/b:ro,rslave']",
            C + "/Mounts",
            "[{'Type':'bind','Source':'/a','Target':'/b','ReadOnly':true,"
                + "'BindOptions':{'Propagation':'rslave'}}]"),
        c("volumes: ['~/a:/b']", C + "/Mounts/0/Source", "'/root/a'"),
        c("volumes: ['c:\\x:/b']", C + "/Mounts/0/Source", "'c:\\\\x'"),
        c(
            "volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1k, mode: 01777}}]",
            C + "/Mounts",
            "[{'Type':'tmpfs','Target':'/t','TmpfsOptions':{'SizeBytes':1024,'Mode':1023}}]"),
        c(
            "volumes: [{type: cluster, source: 'group:g', target: /t}]",
            C + "/Mounts",
            "[{'Type':'cluster','Source':'group:g','Target':'/t','ClusterOptions':{}}]"),
        c(
            "tmpfs: [/a, '/b:size=1m,mode=0700,ro']",
            C + "/Mounts",
            "[{'Type':'tmpfs','Target':'/a'},{'Type':'tmpfs','Target':'/b',"
                + "'TmpfsOptions':{'SizeBytes':1048576,'Mode':448},'ReadOnly':true}]"),
        c(
            "networks: [out, named, back]",
            "/TaskTemplate/Networks",
            "[{'Target':'app_back','Aliases':['web']},{'Target':'mine','Aliases':['web']},"
                + "{'Target':'out','Aliases':['web']}]"),
        c(
            "networks: {back: {aliases: [w], driver_opts: {a: 1}}}",
            "/TaskTemplate/Networks",
            "[{'Target':'app_back','Aliases':['w','web'],'DriverOpts':{'a':'1'}}]"),
        c(
            "secrets: [pin, {source: key, target: /k, uid: '1', mode: 0400}]",
            C + "/Secrets",
            "[{'File':{'Name':'/k','UID':'1','GID':'0','Mode':256},'SecretName':'app_key',"
                + "'SecretID':'id-app_key'},"
                + "{'File':{'Name':'pin','UID':'0','GID':'0','Mode':292},'SecretName':'pincode',"
                + "'SecretID':'id-pincode'}]"),
        c(
            "configs: [motd]",
            C + "/Configs",
            "[{'File':{'Name':'motd','UID':'0','GID':'0','Mode':292},'ConfigName':'app_motd',"
                + "'ConfigID':'id-app_motd'}]"),
        c(
            "credential_spec: {config: cred}",
            C + "/Privileges/CredentialSpec",
            "{'Config':'id-app_cred'}"),
        c(
            "credential_spec: {config: cred}",
            C + "/Configs",
            "[{'Runtime':{},'ConfigName':'app_cred','ConfigID':'id-app_cred'}]"),
        c("credential_spec: {file: f.json}", C + "/Privileges/CredentialSpec", "{'File':'f.json'}"),
        c("deploy: {replicas: 3}", "/Mode", "{'Replicated':{'Replicas':3}}"),
        c("deploy: {replicas: '${COUNT}'}", "/Mode", "{'Replicated':{'Replicas':4}}"),
        c("scale: 2", "/Mode", "{'Replicated':{'Replicas':2}}"),
        c("deploy: {mode: global}", "/Mode", "{'Global':{}}"),
        c("deploy: {mode: global-job}", "/Mode", "{'GlobalJob':{}}"),
        c(
            "deploy: {mode: replicated-job, replicas: 2}",
            "/Mode",
            "{'ReplicatedJob':{'MaxConcurrent':2,'TotalCompletions':2}}"),
        c("deploy: {endpoint_mode: dnsrr}", "/EndpointSpec/Mode", "'dnsrr'"),
        c("deploy: {labels: {a: 1}}", "/Labels/a", "'1'"),
        c("deploy: {update_config: {}}", "/UpdateConfig", "{'Parallelism':1,'MaxFailureRatio':0}"),
        c(
            "deploy: {rollback_config: {parallelism: 0, delay: 1s, failure_action: continue,"
                + " monitor: 2s, max_failure_ratio: 0.5, order: start-first}}",
            "/RollbackConfig",
            "{'Parallelism':0,'Delay':1000000000,'FailureAction':'continue',"
                + "'Monitor':2000000000,'MaxFailureRatio':0.5,'Order':'start-first'}"),
        c(
            "deploy: {resources: {limits: {cpus: 0.5, memory: 1g, pids: 9}}}",
            "/TaskTemplate/Resources/Limits",
            "{'NanoCPUs':500000000,'MemoryBytes':1073741824,'Pids':9}"),
        c(
            "deploy: {resources: {reservations: {generic_resources: [{discrete_resource_spec:"
                + " {kind: gpu, value: 2}}]}}}",
            "/TaskTemplate/Resources/Reservations/GenericResources",
            "[{'DiscreteResourceSpec':{'Kind':'gpu','Value':2}}]"),
        c(
            "deploy: {restart_policy: {condition: none, delay: 1s, max_attempts: 2, window: 3s}}",
            "/TaskTemplate/RestartPolicy",
            "{'Condition':'none','Delay':1000000000,'MaxAttempts':2,'Window':3000000000}"),
        c("restart: always", "/TaskTemplate/RestartPolicy", "{'Condition':'any'}"),
        c(
            "restart: 'on-failure:3'",
            "/TaskTemplate/RestartPolicy",
            "{'Condition':'on-failure','MaxAttempts':3}"),
        c(
            "deploy: {placement: {constraints: [node.role == worker], preferences: [{spread:"
                + " node.labels.z}], max_replicas_per_node: 2}}",
            "/TaskTemplate/Placement",
            "{'Constraints':['node.role == worker'],'Preferences':[{'Spread':"
                + "{'SpreadDescriptor':'node.labels.z'}}],'MaxReplicas':2}"),
        c(
            "ports: [{target: '80', published: '08080'}]",
            "/EndpointSpec/Ports/0",
            "{'Protocol':'tcp','TargetPort':80,'PublishedPort':8080,'PublishMode':'ingress'}"),
        c(
            "deploy: {replicas: '3', update_config: {parallelism: '2', max_failure_ratio: '0.5'}}",
            "/Mode",
            "{'Replicated':{'Replicas':3}}"),
        c("healthcheck: {test: x, retries: '3'}", C + "/Healthcheck/Retries", "3"),
        c("secrets: [{source: key, mode: '0400'}]", C + "/Secrets/0/File/Mode", "256"),
        c("tty: 'true'", C + "/TTY", "true"),
        c("environment: {A: true, B: null, C: 1, D: ''}", C + "/Env", "['A=true','B','C=1','D=']"),
        c("labels: {a: false, b: null}", C + "/Labels/a", "'false'"),
        c(
            "command: null\nports: null\ndeploy: null\nnetworks: {back: null}",
            C + "/Image",
            "'nginx'"),
        c("user: '${PW:-$2y$05$abc}'", C + "/User", "'$2y$05$abc'"),
        c("user: '${PW:-${TAG}$$}'", C + "/User", "'1.27$'"),
        c("x-mine: [1]\nbuild: .\ndepends_on: {db: {condition: x}}", C + "/Image", "'nginx'"));
  }

  @ParameterizedTest
  @MethodSource("converted")
  void keysBecomeFields(String keys, String pointer, String json) throws IOException {
    String own = keys.equals("{}") ? "" : keys;
    String text = own.startsWith("image:") ? "hostname: x\n" : own;
    JsonNode spec =
        own.startsWith("image:")
            ? new StackServices(project("services: {web: {" + own + "}}"), new Stack("app"))
                .specs(REFERENCES)
                .getOrDefault("web", Json.object())
            : web(text);
    assertEquals(Json.text(Json.parse(json.replace('\'', '"'))), Json.text(spec.at(pointer)), keys);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        c("ports: ['a']", "4:13: services.web.ports[0]: \"a\": write [PUBLISHED:]", ""),
        c("ports: [{published: 1}]", "4:13: services.web.ports[0]: \"target:\" must say", ""),
        c("ports: [{target: 70000}]", "services.web.ports[0].target: 70000 must be between", ""),
        c("ports: 80", "4:12: services.web.ports: must be a list, not a number", ""),
        c("imagee: x", "4:5: services.web.imagee: unknown key \"imagee\"; did you mean", ""),
        c("qqq: x", "unknown key \"qqq\"; take it out, or begin its name with \"x-\"", ""),
        c("tty: 1", "services.web.tty: must be true or false, not a number", ""),
        c("deploy: {replicas: 'x3'}", "\"x3\" must be a whole number", ""),
        c("tty: 'x'", "\"x\" must be true or false", ""),
        c("deploy: {replicas: -1}", "-1 cannot be negative", ""),
        c("deploy: {replicas: '${TAG}'}", "\"1.27\" must be a whole number", ""),
        c("deploy: {mode: global, replicas: 1}", "replicas can only be used with replicated", ""),
        c("deploy: {mode: all}", "\"all\" must be one of replicated, global", ""),
        c(
            "deploy: {resources: {limits: {cpus: x}}}",
            "must be a number of CPUs such as 1.5, not \"x\"",
            ""),
        c("stop_grace_period: 5", "must be a duration with its unit, such as 5s or 5m", ""),
        c("networks: [nope]", "4:16: services.web.networks[0]: undefined network \"nope\"", ""),
        c("networks: {nope: }", "4:16: services.web.networks.nope: undefined network", ""),
        c("volumes: [nope:/x]", "4:15: services.web.volumes[0]: undefined volume \"nope\"", ""),
        c("volumes: ['a:b:c:d']", "invalid volume \"a:b:c:d\": write source:target", ""),
        c("volumes: [{type: bind, target: /x}]", "invalid bind source, source cannot", ""),
        c("volumes: [{type: tmpfs, target: /x, bind: {}}]", "bind options are incompatible", ""),
        c("secrets: [nope]", "services.web.secrets[0]: undefined secret \"nope\"; declare", ""),
        c("configs: [{target: x}]", "\"source:\" must name what is to be mounted", ""),
        c("credential_spec: {file: a, registry: b}", "only one of config, file and", ""),
        c("healthcheck: {disable: true, test: x}", "test and disable can't be set", ""),
        c("restart: sometimes", "unknown policy 'sometimes'", ""),
        c("command: 'a \"b'", "is never closed", ""),
        c("dns: nope", "must be an IP address, not \"nope\"", ""),
        c("ulimits: {nofile: {soft: 1}}", "both \"soft:\" and \"hard:\" are needed", ""),
        c("mem_limit: 1g", "set resource limits using deploy.resources", ""),
        c("extends: {service: x}", "not supported in a swarm: write the service out", ""),
        c("hostname: a\nhostname: b", "5:5: services.web.hostname: this key was already", ""),
        c("hostname: !reset x", "the tag !reset is not supported", ""),
        c("hostname: ${NOPE:?set it}", "required variable NOPE is missing a value: set it", ""),
        c("hostname: ${", "invalid interpolation format: \"${\"; write $$", ""),
        c("hostname: [", "not valid YAML", ""),
        c("env_file: nope.env", "services.web.env_file: ", "no such file or directory"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void errorsSayWhereAndWhatToDo(String keys, String message, String end) {
    ComposeError error = assertThrows(ComposeError.class, () -> web(keys));
    String text = String.valueOf(error.getMessage());
    assertTrue(text.startsWith("stdin:"), text);
    assertTrue(text.contains(message) && text.contains(end), text);
  }

  static Stream<Arguments> wholeFiles() {
    return Stream.of(
        Arguments.of("", "stdin: the file is empty"),
        Arguments.of("- a", "stdin:1:1: top-level object must be a mapping"),
        Arguments.of("service: {}", "stdin:1:1: service: unknown key \"service\"; did you mean"),
        Arguments.of("services: []", "stdin:1:11: services: must be a mapping, not a list"),
        Arguments.of("services: {a b: {image: x}}", "the name \"a b\" may only have letters"),
        Arguments.of("services: {a: {}}", "stdin:1:15: services.a: no image"),
        Arguments.of("services: {a: x}", "services.a: must be a mapping, not a string"),
        Arguments.of("a: 1\n---\nb: 2", "stdin:3:1: a second document begins here"),
        Arguments.of("services: {a: &x [*x]}", "do aliases refer to themselves"),
        Arguments.of("include: [x]", "name the other file with another -c"),
        Arguments.of(
            "volumes: {v: {external: true, driver: x}}",
            "volumes.v: conflicting parameters \"external\" and \"driver\""),
        Arguments.of(
            "secrets: {s: {external: {name: a}, name: b}}", "\"external.name\" and \"name\""));
  }

  @ParameterizedTest
  @MethodSource("wholeFiles")
  void filesAreCheckedAsAWhole(String yaml, String message) {
    ComposeError error =
        assertThrows(
            ComposeError.class, () -> new StackServices(project(yaml), new Stack("app")).check());
    String text = String.valueOf(error.getMessage());
    assertTrue(text.contains(message), text);
  }

  @Test
  void whatHasNoEffectIsToldOnce() throws IOException {
    Project project =
        project(
            "services:\n  a: {image: x, build: ., links: [b], container_name: n}\n"
                + "  b: {image: x, build: ., ports: ['1.2.3.4:1:1']}\n");
    assertEquals(
        List.of(
            "Ignoring unsupported options: build, links\n\n",
            "Ignoring deprecated options:\n\n"
                + "container_name: Setting the container name is not supported.\n\n",
            "ignoring IP-address (1.2.3.4): published ports are open on every address\n"),
        project.warnings());
  }

  @Test
  void onlyUsedNetworksAreMade() throws IOException {
    Project project =
        project(
            """
            services:
              a: {image: x, networks: [back, out]}
            networks:
              back: {attachable: true, internal: true, driver_opts: {k: v}, labels: [l=1],
                ipam: {driver: d, config: [{subnet: 10.1.0.0/16}]}}
              out: {external: true, name: real}
              unused: {}
            """);
    StackObjects objects = new StackObjects(project, new Stack("app"));
    assertEquals(List.of("real"), objects.externalNetworks());
    assertEquals(
        "[{\"Name\":\"app_back\",\"CheckDuplicate\":true,\"Driver\":\"overlay\","
            + "\"Options\":{\"k\":\"v\"},\"Internal\":true,\"Attachable\":true,"
            + "\"Labels\":{\"l\":\"1\",\"com.docker.stack.namespace\":\"app\"},"
            + "\"IPAM\":{\"Driver\":\"d\",\"Config\":[{\"Subnet\":\"10.1.0.0/16\"}]}}]",
        objects.networks().toString());
  }

  @Test
  void secretsAndConfigsBringTheirData() throws IOException {
    Files.writeString(folder.resolve("key"), "hello\n");
    Files.writeString(
        folder.resolve("c.yml"),
        """
        secrets:
          file: {file: key}
          vault: {driver: v, driver_opts: {a: b}}
          env: {environment: TAG, template_driver: golang}
          out: {external: true}
        configs:
          text: {content: "hello\\n", name: n, labels: {a: 1}}
        """);
    StackObjects objects = new StackObjects(load("c.yml"), new Stack("app"));
    String labels = "\"Labels\":{\"com.docker.stack.namespace\":\"app\"}";
    assertEquals(
        List.of(
            "{\"Name\":\"app_file\"," + labels + ",\"Data\":\"aGVsbG8K\"}",
            "{\"Name\":\"app_vault\","
                + labels
                + ",\"Driver\":{\"Name\":\"v\",\"Options\":{\"a\":\"b\"}}}",
            "{\"Name\":\"app_env\","
                + labels
                + ",\"Data\":\"MS4yNw==\",\"Templating\":{\"Name\":\"golang\"}}"),
        objects.secrets().stream().map(Object::toString).toList());
    assertEquals(
        "[{\"Name\":\"n\",\"Labels\":{\"a\":\"1\",\"com.docker.stack.namespace\":\"app\"},"
            + "\"Data\":\"aGVsbG8K\"}]",
        objects.configs().toString());
  }

  @Test
  void dataMustBeThere() {
    for (String[] pair :
        new String[][] {
          {"file: /nowhere", "open /nowhere: no such file or directory"},
          {"environment: NOPE", "the environment has no variable NOPE"},
          {"file: a, content: b", "needs exactly one of"},
          {"labels: {}", "needs exactly one of"},
          {"driver: d, file: f", "\"driver\" and \"file\" conflict"}
        }) {
      ComposeError error =
          assertThrows(
              ComposeError.class,
              () ->
                  new StackObjects(project("secrets: {s: {" + pair[0] + "}}"), new Stack("app"))
                      .secrets());
      assertTrue(String.valueOf(error.getMessage()).contains(pair[1]), error.getMessage());
    }
  }

  private Project load(String... files) throws IOException {
    List<String> paths = Stream.of(files).map(f -> folder.resolve(f).toString()).toList();
    return Project.load(paths, new ByteArrayInputStream(new byte[0]), VARIABLES, true);
  }

  @Test
  void laterFilesGoOverEarlierOnes() throws IOException {
    Files.writeString(folder.resolve("web.env"), "# some\nX=file\nY=file\nEMPTY=\n");
    Files.writeString(
        folder.resolve("a.yml"),
        """
        x-base: &base {image: one, dns: [1.1.1.1], labels: {a: "1", b: "1"}}
        services:
          web:
            <<: *base
            env_file: [web.env, {path: nope, required: false}]
            environment: {Y: own}
            command: [a, b]
            ports: ["80:80", "81:81"]
            volumes: [./d:/d]
            logging: {driver: one, options: {a: b}}
            deploy: {replicas: 1, labels: {k: v}}
        """);
    Files.writeString(
        folder.resolve("b.yml"),
        """
        services:
          web:
            image: two
            dns: [2.2.2.2]
            labels: [b=2]
            command: [c]
            ports: ["81:82"]
            logging: {driver: two}
            deploy: {replicas: 2}
          more: {image: three}
        """);
    assertEquals(
        """
        services:
          more:
            image: three
          web:
            command:
              - c
            deploy:
              labels:
                k: v
              replicas: 2
            dns:
              - 1.1.1.1
              - 2.2.2.2
            environment:
              EMPTY: ''
              X: file
              'Y': own
            image: two
            labels:
              a: '1'
              b: '2'
            logging:
              driver: two
            ports:
              - mode: ingress
                protocol: tcp
                published: 80
                target: 80
              - mode: ingress
                protocol: tcp
                published: 81
                target: 82
            volumes:
              - source: FOLDER/d
                target: /d
                type: bind
        x-base:
          dns:
            - 1.1.1.1
          image: one
          labels:
            a: '1'
            b: '1'
        """
            .replace("FOLDER", folder.toString()),
        load("a.yml", "b.yml").yaml());
  }

  static Stream<Arguments> interpolated() {
    return Stream.of(
        Arguments.of("$TAG-${TAG}", "1.27-1.27"),
        Arguments.of("$$TAG", "$TAG"),
        Arguments.of("${NOPE}x$NOPE", "x"),
        Arguments.of("${EMPTY:-d}${EMPTY-d}", "d"),
        Arguments.of("${NOPE:-d}${NOPE-e}", "de"),
        Arguments.of("${NOPE:-${TAG:-x}}", "1.27"),
        Arguments.of("${NOPE:-a:b}", "a:b"),
        Arguments.of("${NOPE:-$2y$05$abc}", "$2y$05$abc"),
        Arguments.of("${TAG:-$2y$05$abc}", "1.27"),
        Arguments.of("${NOPE:-$5}", "$5"),
        Arguments.of("${NOPE:-$$5}", "$5"),
        Arguments.of("${TAG:?x}${EMPTY?x}", "1.27"),
        Arguments.of("${TAG:+yes}${EMPTY:+no}${EMPTY+set}", "yesset"));
  }

  @ParameterizedTest
  @MethodSource("interpolated")
  void variablesArePutIn(String text, String expected) throws IOException {
    ObjectNode file = Json.object();
    file.putObject("services").putObject("a").put("image", "x").put("hostname", text + "!");
    Project project = project(Json.text(file));
    assertTrue(project.yaml().contains("hostname: " + expected + "!\n"), project.yaml());
  }
}
