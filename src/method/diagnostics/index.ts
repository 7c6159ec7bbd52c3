export * from './divergence';
export * from './ess';
export * from './histogram';
export * from './pass-at-k';
export * from './rewriting';
export * from './stage-log-probs';
export * from './text';
export * from './weights';
