import { describe, expect, it } from 'vitest';
import { PolicyClient, PolicyError, StoppedError, SupersededError, type WorkerEvent, type WorkerLike } from './client';
import { type Command, type PolicyInfo, PROTOCOL_VERSION, type Reply, type RunConfig, type RunSnapshot } from './messages';

/** The worker's end of the channel, in the test's hands: what arrived, and what to answer. */
class Port implements WorkerLike {
  readonly commands: Command[] = [];
  terminated = false;
  private readonly listeners = new Map<string, (event: WorkerEvent) => void>();
  postMessage(message: unknown): void {
    this.commands.push(structuredClone(message) as Command);
  }
  addEventListener(type: string, listener: (event: Event | WorkerEvent) => void): void {
    this.listeners.set(type, listener);
  }
  terminate(): void {
    this.terminated = true;
  }
  reply(reply: Reply): void {
    this.listeners.get('message')!({ data: reply });
  }
  crash(message: string): void {
    this.listeners.get('error')!({ message });
  }
  /** The last command of a type. */
  last<T extends Command['type']>(type: T): Extract<Command, { type: T }> {
    return this.commands.findLast((command): command is Extract<Command, { type: T }> => command.type === type)!;
  }
}

function connect() {
  const ports: Port[] = [];
  const client = new PolicyClient(() => {
    ports.push(new Port());
    return ports.at(-1)!;
  });
  return { client, ports, port: ports[0]! };
}

const policy = { id: 'p', name: 'letters' } as PolicyInfo;
const config = { task: 'letters' } as RunConfig;
const run = (id: string) => ({ id }) as RunSnapshot;

describe('jobs', () => {
  it('pass events on in order and end with the result', async () => {
    const { client, port } = connect();
    const job = client.load({ policyUrl: 'models/a', backend: 'auto' });
    const { request } = port.last('load');
    expect(job.state).toBe('queued');
    port.reply({ type: 'started', request });
    expect(job.state).toBe('running');
    port.reply({ type: 'load-progress', request, loaded: 1, total: 2, what: 'model.safetensors' });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { loaded } of job) seen.push(loaded);
    })();
    await Promise.resolve();
    port.reply({ type: 'load-progress', request, loaded: 2, total: 2, what: 'model.safetensors' });
    port.reply({ type: 'result', request, result: policy });
    port.reply({ type: 'done', request });
    await reading;
    expect(seen).toEqual([1, 2]);
    expect(await job.result).toEqual(policy);
    expect(client.policy).toEqual(policy);
  });

  it('stop asks the worker and waits for its word; the stream ends without an error', async () => {
    const { client, port } = connect();
    const job = client.rewrite('r');
    const { request } = port.last('rewrite');
    const stopping = job.stop();
    expect(port.last('stop').target).toBe(request);
    port.reply({ type: 'rewrite', request, events: [{ type: 'stage-start', stage: 'self', problems: 3 }] });
    port.reply({ type: 'stopped', request });
    await stopping;
    const events = [];
    for await (const event of job) events.push(event);
    expect(events).toHaveLength(1);
    await expect(job.result).rejects.toBeInstanceOf(StoppedError);
    await job.stop(); // again: nothing to do
    expect(port.commands.filter((command) => command.type === 'stop')).toHaveLength(1);
  });

  it('a failure has the words and the advice of the worker, in the stream and in the result', async () => {
    const { client, port } = connect();
    const job = client.train('r', 'dft');
    port.reply({ type: 'failed', request: port.last('train').request, message: 'The loss is NaN.', hint: 'Lower the learning rate.' });
    await expect(job.result).rejects.toMatchObject({ name: 'PolicyError', message: 'The loss is NaN.', hint: 'Lower the learning rate.' });
    await expect(
      (async () => {
        for await (const _ of job);
      })(),
    ).rejects.toBeInstanceOf(PolicyError);
  });

  it('a command that cannot be copied fails alone', async () => {
    const { client, port } = connect();
    const bad = client.openRun({ ...config, task: (() => 'no') as unknown as string });
    await expect(bad.result).rejects.toMatchObject({ name: 'DataCloneError' });
    const good = client.openRun(config);
    const { request } = port.last('open-run');
    port.reply({ type: 'result', request, result: run('r') });
    port.reply({ type: 'done', request });
    expect(await good.result).toEqual(run('r'));
  });
});

describe('superseded requests', () => {
  it('end at once; what still comes for them is dropped', async () => {
    const { client, port } = connect();
    const first = client.openRun(config);
    const old = port.last('open-run').request;
    const second = client.openRun(config);
    await expect(first.result).rejects.toBeInstanceOf(SupersededError);
    expect(port.last('stop').target).toBe(old);
    const { request } = port.last('open-run');
    expect(request).not.toBe(old);
    port.reply({ type: 'result', request: old, result: run('old') });
    port.reply({ type: 'done', request: old });
    port.reply({ type: 'result', request, result: run('new') });
    port.reply({ type: 'done', request });
    expect(await second.result).toEqual(run('new'));
  });

  it('other commands are left alone', () => {
    const { client } = connect();
    const training = client.train('r', 'sft');
    client.openRun(config);
    client.openRun(config);
    expect(training.state).toBe('queued');
  });
});

describe('a worker that dies', () => {
  it('rejects everything with a clear message, refuses commands, and comes back with its policy', async () => {
    const { client, ports, port } = connect();
    const statuses: string[] = [];
    client.on('status', (status) => statuses.push(status));
    const loading = client.load({ policyUrl: 'models/a', backend: 'wasm' });
    const { request } = port.last('load');
    port.reply({ type: 'result', request, result: policy });
    port.reply({ type: 'done', request });
    await loading.result;

    const job = client.train('r', 'sft');
    port.crash('out of memory');
    await expect(job.result).rejects.toMatchObject({
      message: 'The worker that runs the model stopped unexpectedly (out of memory).',
      hint: expect.stringMatching(/stored point is kept/) as string,
    });
    expect(client.policy).toBeNull();
    await expect(client.train('r', 'sft').result).rejects.toThrow(/not running/);

    const restarting = client.restart();
    const fresh = ports[1]!;
    fresh.reply({ type: 'ready', request: 0, version: PROTOCOL_VERSION });
    expect(fresh.last('load')).toMatchObject({ policyUrl: 'models/a', backend: 'wasm' });
    fresh.reply({ type: 'result', request: fresh.last('load').request, result: policy });
    fresh.reply({ type: 'done', request: fresh.last('load').request });
    expect(await restarting).toEqual(policy);
    expect(statuses).toEqual(['crashed', 'starting', 'ready']);
  });

  it('hard stop: ends the worker at once; its late messages reach nobody', async () => {
    const { client, ports, port } = connect();
    const job = client.rewrite('r');
    const { request } = port.last('rewrite');
    await client.restart();
    expect(port.terminated).toBe(true);
    await expect(job.result).rejects.toBeInstanceOf(StoppedError);
    const next = client.rewrite('r');
    port.reply({ type: 'done', request });
    port.reply({ type: 'done', request: ports[1]!.last('rewrite').request });
    port.crash('late');
    expect(next.state).toBe('queued');
    expect(client.status).toBe('starting');
  });

  it('a worker of another version is refused', async () => {
    const { client, port } = connect();
    const job = client.ask({ type: 'list-runs' });
    port.reply({ type: 'ready', request: 0, version: PROTOCOL_VERSION + 1 });
    await expect(job).rejects.toMatchObject({ hint: 'Reload the page to finish the update.' });
    expect(port.terminated).toBe(true);
  });
});

describe('unprompted replies', () => {
  it('reach their listeners until these unsubscribe', () => {
    const { client, port } = connect();
    const notices: string[] = [];
    const off = client.on('notice', ({ message }) => notices.push(message));
    port.reply({ type: 'notice', request: 0, id: 'memory-only', message: 'one', hint: '' });
    off();
    port.reply({ type: 'notice', request: 0, id: 'memory-only', message: 'two', hint: '' });
    expect(notices).toEqual(['one']);
    port.reply({ type: 'policy-changed', request: 0, policy });
    expect(client.policy).toEqual(policy);
  });
});
