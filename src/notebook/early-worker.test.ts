import { expect, it, vi } from 'vitest';
import { startedEarly } from './early-worker';

const message = (data: unknown) => Object.assign(new Event('message'), { data });

it('keeps what a worker says before anyone listens, in order, and then stands aside', async () => {
  const target = Object.assign(new EventTarget(), { postMessage: vi.fn(), terminate: vi.fn() });
  const worker = startedEarly(target);
  target.dispatchEvent(message('ready'));
  target.dispatchEvent(message('notice'));
  const heard: unknown[] = [];
  worker.addEventListener('message', (event) => heard.push((event as { data: unknown }).data));
  expect(heard).toEqual([]);
  await Promise.resolve();
  target.dispatchEvent(message('later'));
  expect(heard).toEqual(['ready', 'notice', 'later']);

  const again: unknown[] = [];
  worker.addEventListener('message', (event) => again.push((event as { data: unknown }).data));
  await Promise.resolve();
  expect(again).toEqual([]);
});

it('keeps the failure of a worker that did not start', async () => {
  const target = Object.assign(new EventTarget(), { postMessage: vi.fn(), terminate: vi.fn() });
  const worker = startedEarly(target);
  target.dispatchEvent(new Event('error'));
  const failed = vi.fn();
  worker.addEventListener('error', failed);
  await Promise.resolve();
  expect(failed).toHaveBeenCalledOnce();
});
