package dev.swarm.cli.client.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.Json;
import dev.swarm.core.template.TemplateError;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListingsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static JsonNode json(String text) {
    try {
      return Json.parse(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final JsonNode NODES =
      json(
          """
          [{'ID':'w10','Spec':{'Availability':'active'},'Description':{'Hostname':'worker10','Engine':{'EngineVersion':'20.10.24'}},
            'Status':{'State':'down'}},
           {'ID':'w2','Spec':{'Availability':'drain'},'Description':{'Hostname':'worker2','Engine':{'EngineVersion':''}},
            'Status':{'State':'ready'}},
           {'ID':'m0','Spec':{'Availability':'pause'},'Description':{'Hostname':'manager0','Engine':{'EngineVersion':'swarm-0.1'}},
            'Status':{'State':'ready'},'ManagerStatus':{'Leader':true,'Reachability':'reachable'}},
           {'ID':'m1','Spec':{'Availability':'active'},'Description':{'Hostname':'manager1'},
            'Status':{'State':'ready'},'ManagerStatus':{'Reachability':'unreachable'}}]
          """);

  @Test
  void nodesAsATable() {
    assertEquals(
        """
        ID        HOSTNAME   STATUS    AVAILABILITY   MANAGER STATUS   ENGINE VERSION
        m0 *      manager0   Ready     Pause          Leader           swarm-0.1
        m1        manager1   Ready     Active         Unreachable      ~
        w2        worker2    Ready     Drain                           ~
        w10       worker10   Down      Active                          20.10.24
        """
            .replace("~", ""),
        NodeTable.render(NODES, json("{'NodeID':'m0'}"), ""));
  }

  @Test
  void nodesAsTheUserLikes() {
    JsonNode info = json("{'NodeID':'m0'}");
    assertEquals("m0\nm1\nw2\nw10\n", NodeTable.render(NODES, info, "{{.ID}}"));
    assertEquals(
        "HOSTNAME   AVAILABILITY\n"
            + "manager0   PAUSE\n"
            + "manager1   ACTIVE\n"
            + "worker2    DRAIN\n"
            + "worker10   ACTIVE\n",
        NodeTable.render(NODES, info, "table {{.Hostname}}\\t{{upper .Availability}}"));
    String first = NodeTable.render(NODES, info, "json").lines().findFirst().orElse("");
    assertEquals(
        "{\"Availability\":\"Pause\",\"EngineVersion\":\"swarm-0.1\",\"Hostname\":\"manager0\",\"ID\":\"m0\","
            + "\"ManagerStatus\":\"Leader\",\"Self\":true,\"Status\":\"Ready\",\"TLSStatus\":\"Unknown\"}",
        first);
    assertThrows(TemplateError.class, () -> NodeTable.render(NODES, info, "{{.Foo}}"));
  }

  @Test
  void anEmptyListHasAHead() {
    assertEquals(
        "ID        NAME      MODE      REPLICAS   IMAGE     PORTS\n",
        ServiceTable.render(Json.array(), ""));
  }

  @Test
  void servicesAsATable() {
    JsonNode services =
        json(
            """
            [{'ID':'abcdefghijklmnopqrstuvwxy','Spec':{'Name':'webserver','TaskTemplate':{'ContainerSpec':{'Image':'docker.io/library/nginx:1.25@sha256:0123'}},
               'Mode':{'Replicated':{'Replicas':2}}},'ServiceStatus':{'RunningTasks':1,'DesiredTasks':2},
               'Endpoint':{'Ports':[{'Protocol':'tcp','TargetPort':81,'PublishedPort':81,'PublishMode':'ingress'},
                 {'Protocol':'tcp','TargetPort':80,'PublishedPort':80,'PublishMode':'ingress'},
                 {'Protocol':'udp','TargetPort':53,'PublishedPort':5353,'PublishMode':'ingress'},
                 {'Protocol':'tcp','TargetPort':9,'PublishedPort':9,'PublishMode':'host'}]}},
             {'ID':'g','Spec':{'Name':'agent','TaskTemplate':{'Runtime':'process','ProcessSpec':{'Command':['/bin/agent','-v']}},'Mode':{'Global':{}}},
               'ServiceStatus':{'RunningTasks':3,'DesiredTasks':3}},
             {'ID':'j','Spec':{'Name':'batch','TaskTemplate':{'ContainerSpec':{'Image':'reg.example:5000/a/b'},'Placement':{'MaxReplicas':2}},
               'Mode':{'ReplicatedJob':{'MaxConcurrent':2,'TotalCompletions':5}}},'ServiceStatus':{'RunningTasks':2,'DesiredTasks':2,'CompletedTasks':1}}]
            """);
    assertEquals(
        """
        ID             NAME        MODE             REPLICAS              IMAGE                  PORTS
        g              agent       global           3/3                   /bin/agent             ~
        j              batch       replicated job   2/2 (1/5 completed)   reg.example:5000/a/b   ~
        abcdefghijkl   webserver   replicated       1/2                   nginx:1.25             *:80-81->80-81/tcp, *:5353->53/udp
        """
            .replace("~", ""),
        ServiceTable.render(services, ""));
  }

  private static final JsonNode TASKS =
      json(
          """
          [{'ID':'old','ServiceID':'s','Slot':1,'NodeID':'n1','CreatedAt':'2026-03-01T11:00:00Z','DesiredState':'shutdown',
            'Spec':{'ContainerSpec':{'Image':'busybox:latest@sha256:1'}},
            'Status':{'State':'failed','Timestamp':'2026-03-01T11:59:28.5Z','Err':'task: non-zero exit (1): it did not\\nlike the weather'}},
           {'ID':'new','ServiceID':'s','Slot':1,'NodeID':'n2','CreatedAt':'2026-03-01T11:59:00.123456789Z','DesiredState':'running',
            'Spec':{'ContainerSpec':{'Image':'busybox:latest'}},
            'Status':{'State':'preparing','Timestamp':'2026-03-01T11:58:50Z','PortStatus':{'Ports':[{'Protocol':'tcp','TargetPort':80,'PublishedPort':8080}]}}},
           {'ID':'ten','ServiceID':'s','Slot':10,'NodeID':'','CreatedAt':'2026-03-01T11:00:00Z','DesiredState':'running',
            'Spec':{'ContainerSpec':{'Image':'busybox:latest'}},
            'Status':{'State':'pending','Timestamp':'2026-03-01T11:00:00Z','Err':'no suitable node'}}]
          """);

  private static TaskTable.Options options(String format, boolean full) {
    Map<String, String> nodes = Map.of("n1", "worker0", "n2", "worker1", "", "");
    return new TaskTable.Options(format, full, id -> "web", id -> nodes.getOrDefault(id, id), NOW);
  }

  @Test
  void tasksWithTheirHistory() {
    assertEquals(
        """
        ID        NAME        IMAGE            NODE      DESIRED STATE   CURRENT STATE                  ERROR                              PORTS
        new       web.1       busybox:latest   worker1   Running         Preparing about a minute ago                                      *:8080->80/tcp
        old        \\_ web.1   busybox:latest   worker0   Shutdown        Failed 31 seconds ago          "task: non-zero exit (1): it d…"   ~
        ten       web.10      busybox:latest             Running         Pending about an hour ago      "no suitable node"                 ~
        """
            .replace("~", ""),
        TaskTable.render(TASKS, options("", false)));
  }

  @Test
  void whyATaskWasCalledOffIsToldToPeopleOnly() {
    Iterable<JsonNode> tasks =
        json(
            """
            [{'ID':'old','ServiceID':'s1','Slot':1,'NodeID':'n1','DesiredState':'shutdown','Reason':'node drained: worker0',
              'Status':{'State':'shutdown','Timestamp':'2026-03-01T11:59:29Z'}},
             {'ID':'new','ServiceID':'s1','Slot':1,'NodeID':'n2','DesiredState':'running','Reason':'in place of another: node drained: worker0',
              'Status':{'State':'running','Timestamp':'2026-03-01T11:59:29Z'}}]
            """);
    assertEquals(
        1,
        TaskTable.render(tasks, options("", true))
            .lines()
            .filter(line -> line.contains("node drained: worker0"))
            .count());
    assertFalse(TaskTable.render(tasks, options("", false)).contains("drained"));
    assertFalse(TaskTable.render(tasks, options("{{.ID}} {{.Error}}", true)).contains("drained"));
  }

  @Test
  void onlyATableMarksHistory() {
    assertEquals(
        "new web.1\nold web.1\nten web.10\n",
        TaskTable.render(TASKS, options("{{.ID}} {{.Name}}", true)));
  }

  @Test
  void aServiceForPeople() {
    JsonNode service =
        json(
            """
            {'ID':'s1','Spec':{'Name':'web','Labels':{'b':'2','a':''},'Mode':{'Replicated':{'Replicas':2}},
              'TaskTemplate':{'ContainerSpec':{'Image':'nginx','Args':['-g','x'],'Env':['A=b'],'Init':false},
                'Resources':{'Limits':{'NanoCPUs':500000000,'MemoryBytes':67108864,'Pids':9}},
                'Placement':{'Constraints':['node.role==worker'],'Preferences':[{'Spread':{'SpreadDescriptor':'node.labels.zone'}}]},
                'Networks':[{'Target':'net1'}]},
              'UpdateConfig':{'Parallelism':2,'Delay':1000000000,'FailureAction':'pause','Monitor':5000000000,'MaxFailureRatio':0,'Order':'stop-first'},
              'EndpointSpec':{'Mode':'vip'}},
             'UpdateStatus':{'State':'completed','StartedAt':'2026-03-01T11:00:00Z','CompletedAt':'2026-03-01T11:30:00Z','Message':'update completed'},
             'Endpoint':{'Ports':[{'PublishedPort':80,'TargetPort':80,'Protocol':'tcp','PublishMode':'ingress'}]}}
            """);
    String expected =
        """

        ID:		s1
        Name:		web
        Labels:
         a
         b=2
        Service Mode:	Replicated
         Replicas:	2
        UpdateStatus:
         State:		completed
         Started:	About an hour ago
         Completed:	30 minutes ago
         Message:	update completed
        Placement:
         Constraints:	[node.role==worker]
         Preferences:   [spread=node.labels.zone]
        UpdateConfig:
         Parallelism:	2
         Delay:		1s
         On failure:	pause
         Monitoring Period: 5s
         Max failure ratio: 0
         Update order:      stop-first
        ContainerSpec:
         Image:		nginx
         Args:		-g x
         Env:		A=b
         Init:		false
        Resources:
         Limits:
          CPU:		0.5
          Memory:	64MiB
          PIDs:		9
        Networks: overlay-net1 ~
        Endpoint Mode:	vip
        Ports:
         PublishedPort = 80
          Protocol = tcp
          TargetPort = 80
          PublishMode = ingress
        """
            .replace("~", "");
    assertEquals(expected, ServicePage.render(service, id -> "overlay-" + id, NOW));
  }

  @Test
  void aNodeForPeople() {
    JsonNode node =
        json(
            """
            {'ID':'n1','CreatedAt':'2026-03-01T11:00:00.5Z','Spec':{'Labels':{'zone':'a'},'Availability':'active'},
             'Description':{'Hostname':'h','Platform':{'OS':'linux','Architecture':'x86_64'},
               'Resources':{'NanoCPUs':2000000000,'MemoryBytes':1073741824},
               'Engine':{'EngineVersion':'1','Plugins':[{'Type':'Volume','Name':'local'},{'Type':'Network','Name':'bridge'},{'Type':'Network','Name':'host'}]}},
             'Status':{'State':'ready','Addr':'10.0.0.1'},'ManagerStatus':{'Leader':true,'Reachability':'reachable','Addr':'10.0.0.1:2377'}}
            """);
    assertEquals(
        """
        ID:			n1
        Labels:
         - zone=a
        Hostname:              	h
        Joined at:             	2026-03-01 11:00:00.5 +0000 utc
        Status:
         State:			Ready
         Availability:         	Active
         Address:		10.0.0.1
        Manager Status:
         Address:		10.0.0.1:2377
         Raft Status:		Reachable
         Leader:		Yes
        Platform:
         Operating System:	linux
         Architecture:		x86_64
        Resources:
         CPUs:			2
         Memory:		1GiB
        Plugins:
         Network:		bridge, host
         Volume:		local
        Engine Version:		1
        """,
        NodePage.render(node));
  }

  @Test
  void progressOfAReplicatedService() {
    JsonNode service = json("{'Spec':{'Mode':{'Replicated':{'Replicas':2}}}}");
    JsonNode tasks =
        json(
            """
            [{'ID':'a','Slot':1,'NodeID':'n1','DesiredState':'running','Status':{'State':'running'}},
             {'ID':'b','Slot':3,'NodeID':'','DesiredState':'running','Status':{'State':'pending','Err':'no suitable node (1 node not available)'}},
             {'ID':'c','Slot':1,'NodeID':'n1','DesiredState':'shutdown','Status':{'State':'failed','Err':'old'}}]
            """);
    ProgressView view = ProgressView.of(service, tasks, Set.of("n1"), false);
    assertEquals(
        "[overall progress: 1 out of 2 tasks, 1/2: running  9/9, 2/2: no suitable node (1 node not"
            + " available)]",
        view.lines().stream()
            .map(
                l ->
                    l.id()
                        + ": "
                        + l.text()
                        + (l.barTotal() > 0 ? l.bar() + "/" + l.barTotal() : ""))
            .toList()
            .toString());
    assertEquals(false, view.converged());
    ProgressView lost = ProgressView.of(service, tasks, Set.of(), false);
    assertEquals("0 out of 2 tasks", lost.lines().getFirst().text());
  }

  @Test
  void progressOfOtherModes() {
    JsonNode global = json("{'Spec':{'Mode':{'Global':{}}}}");
    assertEquals(
        "waiting for new tasks",
        ProgressView.of(global, Json.array(), Set.of("n1"), false).lines().getFirst().text());
    JsonNode running =
        json("[{'NodeID':'n1','DesiredState':'running','Status':{'State':'running'}}]");
    assertEquals(true, ProgressView.of(global, running, Set.of("n1"), true).converged());
    JsonNode job =
        json(
            "{'Spec':{'Mode':{'ReplicatedJob':{'MaxConcurrent':1,'TotalCompletions':2}}},'JobStatus':{'JobIteration':{'Index':4}}}");
    JsonNode done =
        json(
            """
            [{'Slot':0,'JobIteration':{'Index':4},'DesiredState':'complete','Status':{'State':'complete'}},
             {'Slot':1,'JobIteration':{'Index':4},'DesiredState':'complete','Status':{'State':'running'}},
             {'Slot':1,'JobIteration':{'Index':3},'DesiredState':'complete','Status':{'State':'complete'}}]
            """);
    ProgressView view = ProgressView.of(job, done, Set.of("n1"), false);
    assertEquals("1 out of 2 complete", view.lines().getFirst().text());
    assertEquals(false, view.converged());
  }
}
