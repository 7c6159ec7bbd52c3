import { describe, expect, it } from 'vitest';
import { letterPolicy } from '../method/testing/letter-task';
import type { TrainablePolicy } from '../policy/types';
import type { PolicyInfo, SettingValue } from '../protocol/messages';
import { PolicyHost, type WebBackend } from './host';
import { measure } from './measure';
import { letterFolder, serve } from './testing/harness';

const signal = new AbortController().signal;
const request = (backend: 'auto' | 'wasm' | 'webgpu') => ({ policyUrl: 'https://example.org/models/letters/', backend });

/** A policy that says it runs on a backend. */
function policyOn(backend: WebBackend): TrainablePolicy {
  const make = (inner: TrainablePolicy): TrainablePolicy =>
    new Proxy(inner, {
      get(target, key) {
        if (key === 'backend') return { name: backend, threads: 1, detail: 'test' };
        if (key === 'fork') return async () => make(await target.fork());
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
      },
    });
  return make(letterPolicy());
}

/** The measurement with a clock of its own: WASM takes ten times as long. */
const scaled: typeof measure = async (policy, problem, signal) => {
  await measure(policy, problem, signal);
  const rate = policy.backend.name === 'wasm' ? 100 : 1000;
  return { sample: rate, train: rate };
};

function host(options: { problem?: string; webgpu?: () => TrainablePolicy; settings?: Map<string, unknown>; fetch?: typeof fetch } = {}) {
  const settings = options.settings ?? new Map<string, unknown>();
  const changes: PolicyInfo[] = [];
  const notices: string[] = [];
  const loads: string[] = [];
  const it = new PolicyHost({
    policies: {
      webgpuProblem: () => Promise.resolve(options.problem ?? null),
      load: (_folder, { backend, threads, name }) => {
        loads.push(`${backend} ${threads} ${name}`);
        if (backend === 'wasm') return Promise.resolve(policyOn('wasm'));
        return Promise.resolve().then(options.webgpu ?? (() => policyOn('webgpu')));
      },
    },
    threads: 2,
    measure: scaled,
    fetch: options.fetch ?? serve(letterFolder),
    problem: () => Promise.resolve([{ role: 'user', content: '7:' }]),
    changed: (policy) => changes.push(policy),
    notice: (message) => notices.push(message),
    setting: (key) => Promise.resolve(settings.get(key) ?? null),
    setSetting: (key: string, value: SettingValue) => Promise.resolve(void settings.set(key, value)),
  });
  return { host: it, changes, notices, loads, settings };
}

describe('choice of backend', () => {
  it('starts on WASM at once, then takes the faster and remembers', async () => {
    const first = host();
    const info = await first.host.load(request('auto'), signal, () => undefined);
    expect(info.backend.name).toBe('wasm');
    expect(info.measured).toBeUndefined();
    await first.host.settle(signal);
    expect(first.host.policy.backend.name).toBe('webgpu');
    expect(first.changes).toHaveLength(1);
    expect(first.changes[0]!.measured!.note).toBe('WebGPU: 10.0 times as fast as WASM for this policy.');
    expect(first.loads).toEqual(['wasm 2 letters', 'webgpu 2 letters']);
    expect(first.host.unsettled).toBe(false);

    const again = host({ settings: first.settings });
    await again.host.load(request('auto'), signal, () => undefined);
    await again.host.settle(signal);
    expect(again.host.policy.backend.name).toBe('webgpu');
    expect(again.changes[0]!.measured!.wasm).toEqual(first.changes[0]!.measured!.wasm);
  });

  it('an explicit choice is kept, and WASM is not compared', async () => {
    const { host: it, loads, changes } = host();
    await it.load(request('wasm'), signal, () => undefined);
    await it.settle(signal);
    expect(it.unsettled).toBe(false);
    expect(changes).toEqual([]);
    await it.load(request('webgpu'), signal, () => undefined);
    expect(it.policy.backend.name).toBe('webgpu');
    expect(loads).toEqual(['wasm 2 letters', 'webgpu 2 letters']);
  });

  it('WebGPU that is absent or does not start is replaced by WASM, with a sentence', async () => {
    const absent = host({ problem: 'This browser has no WebGPU.' });
    expect((await absent.host.load(request('webgpu'), signal, () => undefined)).backend.name).toBe('wasm');
    expect(absent.notices).toEqual(['This browser has no WebGPU. The policy runs on WASM instead.']);
    const broken = host({
      webgpu: () => {
        throw new Error('no adapter');
      },
    });
    await broken.host.load(request('auto'), signal, () => undefined);
    await broken.host.settle(signal);
    expect(broken.host.policy.backend.name).toBe('wasm');
    expect(broken.notices[0]).toMatch(/WebGPU failed .*no adapter.* runs on WASM instead/);
    expect(broken.changes[0]!.measured!.note).toBe('WASM: WebGPU did not work here.');
  });

  it('a WebGPU that fails while it computes hands over to WASM and is not chosen by itself again', async () => {
    const { host: it, settings } = host();
    await it.load(request('auto'), signal, () => undefined);
    await it.settle(signal);
    expect(await it.fellBack(new Error('device lost'))).toBe(true);
    expect(it.policy.backend.name).toBe('wasm');
    expect([...settings.values()]).toEqual([expect.objectContaining({ webgpu: null })]);
    expect(await it.fellBack(new Error('again'))).toBe(false);
  });

  it('samples once beforehand, so that the first answer finds its sessions built; what fails then is left to whoever asks', async () => {
    const { host: it } = host();
    await it.load(request('wasm'), signal, () => undefined);
    const { policy } = it;
    let asked = 0;
    policy.sample = () => {
      asked++;
      throw new Error('no memory');
    };
    expect(it.unsettled).toBe(true);
    await it.settle(signal);
    await it.settle(signal);
    expect(asked).toBe(1);
    expect(it.unsettled).toBe(false);
  });

  it('a comparison gives way and leaves the policy as it was', async () => {
    const { host: it } = host();
    await it.load(request('auto'), signal, () => undefined);
    const controller = new AbortController();
    const settling = it.settle(controller.signal);
    controller.abort(new Error('give way'));
    await expect(settling).rejects.toThrow('give way');
    expect(it.policy.backend.name).toBe('wasm');
    expect(it.unsettled).toBe(true);
  });
});

describe('the measurement', () => {
  it('gives rates and leaves the policy as it was', async () => {
    const policy = letterPolicy();
    const before = policy.logits.slice();
    const speed = await measure(policy, [{ role: 'user', content: '7:' }], signal);
    expect(speed.sample).toBeGreaterThan(0);
    expect(speed.train).toBeGreaterThan(0);
    expect(policy.logits).toEqual(before);
  });
});

describe('a load that was foreseen', () => {
  it('is made once, before it is asked for', async () => {
    const { host: it, loads } = host();
    it.foresee(request('wasm').policyUrl);
    const { id } = await it.load(request('wasm'), signal, () => undefined);
    expect(loads).toEqual(['wasm 2 letters']);
    expect(it.policyId).toBe(id);
    // Once only: whoever loads it again gets another.
    await it.load(request('wasm'), signal, () => undefined);
    expect(loads).toHaveLength(2);
  });

  it('gives way where another one is asked for', async () => {
    const { host: it, loads } = host();
    it.foresee('https://example.org/models/other/');
    await it.load({ ...request('wasm'), threads: 1 }, signal, () => undefined);
    expect(loads).toContain('wasm 1 letters');
  });

  it('that failed is tried again, and says why it fails', async () => {
    const { host: it } = host({ fetch: () => Promise.resolve(new Response('', { status: 500 })) });
    it.foresee(request('wasm').policyUrl);
    await expect(it.load(request('wasm'), signal, () => undefined)).rejects.toThrow('500');
  });
});
