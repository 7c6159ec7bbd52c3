/**
 * Runs in the notebook's page before anything of it does, and notes times on `globalThis.witness` (see ../notebook.ts). With
 * `globalThis.witnessSamples` it asks for an answer as soon as that is possible. Plain JavaScript: it goes into the page as it is.
 */
{
  /** @type {import('../notebook').Witness} */
  const witness = { ready: null, token: null, longTasks: [] };
  globalThis.witness = witness;
  const training = () => document.querySelector('[data-testid="cell-training"]')?.getAttribute('data-status') === 'running';
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) witness.longTasks.push({ start: startTime, duration, training: training() });
  }).observe({ type: 'longtask', buffered: true });

  let asked = false;
  const observer = new MutationObserver(() => {
    /** @type {HTMLButtonElement | null} */
    const button = document.querySelector('[data-testid="try-sample"]');
    if (!asked && button && !button.disabled) {
      asked = true;
      witness.ready = performance.now();
      button.click();
    }
    if (!document.querySelector('[data-testid="try-answer"] .token')) return;
    witness.token = performance.now();
    observer.disconnect();
  });
  if (globalThis.witnessSamples) observer.observe(document, { subtree: true, childList: true, attributes: true });
}
