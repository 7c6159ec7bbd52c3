/** The mathematics grader: from a response to its final answer, and from two answers to a verdict with a reason. */
export { gradeAnswer, gradeResponse } from './grade';
export { alternatives, gradeText, type Alternative, type GradedKind } from './alternatives';
export { extractAnswer, extractGold, type Extraction } from './extract';
export { DEFAULT_GRADE_OPTIONS, GRADE_OPTIONS, resolveOptions, type GradeOptions, type OptionInfo } from './options';
