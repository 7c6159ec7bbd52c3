export * from './divergence';
export * from './ess';
export * from './histogram';
export * from './passAtK';
export * from './rewriting';
export * from './stageLogProbs';
export * from './text';
export * from './weights';
