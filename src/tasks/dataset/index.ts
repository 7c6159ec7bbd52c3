/** Tasks as data: read (`parseTask`), named (`taskKey`), written (`taskJson`) and run (`datasetTask`). */
export { MATH_PROMPT, MATH_RETELL, newTask, PLAIN_PROMPT, PLAIN_RETELL } from './defaults';
export { taskJson, taskKey } from './key';
export { parseTask } from './parse';
export { TaskError } from './read';
export { datasetTask, setSize } from './task';
export { escapeTemplate, fieldsOf, fillTemplate, parseTemplate } from './template';
export type * from './types';
