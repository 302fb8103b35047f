// A service's life as a program on dockerode tells it. Prints a line a step; any surprise ends it.
'use strict';
const assert = require('node:assert');
const Docker = require('dockerode');
const { createInterface } = require('node:readline');

const docker = new Docker({ socketPath: process.argv[2] });

const spec = (replicas, word) => ({
  Name: 'from-npm',
  TaskTemplate: {
    ContainerSpec: {
      Image: 'busybox:latest',
      Command: ['sleep', '100000'],
      Env: [`WORD=${word}`],
      StopGracePeriod: 1e9,
    },
  },
  Mode: { Replicated: { Replicas: replicas } },
});

/** Everything the stream has told; each event is a reason to look again whether something holds. */
async function follow(filters) {
  const stream = await docker.getEvents({ filters });
  const seen = [];
  let look = () => {};
  createInterface({ input: stream }).on('line', (line) => {
    seen.push(JSON.parse(line));
    look();
  });
  const until = async (what, condition) => {
    await new Promise((resolve, reject) => {
      look = () => Promise.resolve(condition(seen)).then((yes) => yes && resolve(), reject);
      look();
    });
    console.log(`event: ${what}`);
  };
  return { until, end: () => stream.destroy() };
}

const happened = (type, action, id) => (events) =>
  events.some((e) => e.Type === type && e.Action === action && e.Actor.ID === id);

const running = (service, count, word) => async (events) => {
  const started = events.some(
    (e) => e.Type === 'task' && e.Actor.Attributes['service.id'] === service,
  );
  const wanted = await docker.listTasks({
    filters: { service: [service], 'desired-state': ['running'] },
  });
  const up = wanted.filter(
    (task) =>
      task.Status.State === 'running' && task.Spec.ContainerSpec.Env[0] === `WORD=${word}`,
  );
  return started && wanted.length === count && up.length === count;
};

(async () => {
  const events = await follow({ type: ['service', 'task'] });
  const created = await docker.createService(spec(1, 'one'));
  const service = docker.getService(created.id);
  await events.until('created', happened('service', 'create', created.id));
  await events.until('one task runs', running(created.id, 1, 'one'));

  const before = await service.inspect();
  // The way of its documentation: version and spec in one object, sent as query and as body.
  await service.update({ version: before.Version.Index, ...spec(3, 'two') });
  await events.until('updated', happened('service', 'update', created.id));
  await events.until('three tasks run', running(created.id, 3, 'two'));
  await assert.rejects(
    service.update({ _query: { version: before.Version.Index }, _body: spec(2, 'three') }),
    /update out of sequence/,
  );
  console.log('refused: update out of sequence');
  const listed = await docker.listServices({ filters: { name: ['from-npm'] }, status: true });
  assert.strictEqual(listed[0].Spec.Mode.Replicated.Replicas, 3);
  assert.strictEqual(listed[0].ServiceStatus.RunningTasks, 3);

  await service.remove();
  await events.until('removed', happened('service', 'remove', created.id));
  await assert.rejects(service.inspect(), (e) => e.statusCode === 404);
  await assert.rejects(
    docker.createService({ TaskTemplate: { ContainerSpec: { Image: 7 } } }),
    (e) => e.statusCode === 400 && /Image/.test(e.message),
  );
  events.end();
  console.log('done');
})().catch((e) => {
  console.error(e);
  process.exit(1);
});
