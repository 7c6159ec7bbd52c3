/** Symbolic tensors, reverse-mode differentiation and ONNX encoding. Knows no model. */
export * from './sym';
export { isOpen, QUARTER, RESPONSES, ROWS } from './open';
export * from './ops/elementwise';
export * from './ops/reduce';
export * from './ops/layout';
export * from './ops/linalg';
export * from './ops/indexing';
export * from './ops/fused';
export * from './ops/open';
export * from './grad';
export { encode } from './encode';
