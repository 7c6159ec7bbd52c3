import type { Verdict } from './verdict';
import { gradeAnswer, gradeResponse } from './grade';
import { GRADE_OPTIONS, resolveOptions, type GradeOptions } from './options';

/** One option set otherwise, with which the verdict would be the opposite. */
export interface Alternative {
  option: keyof GradeOptions;
  value: string | number;
  /** What the verdict would be. */
  correct: boolean;
}

export type GradedKind = 'answer' | 'response';

/** Grades `text` as a bare answer or as a whole response. @throws RangeError for an option that cannot be used. */
export function gradeText(kind: GradedKind, gold: string, text: string, options: Partial<GradeOptions> = {}): Verdict {
  return kind === 'answer' ? gradeAnswer(gold, text, options) : gradeResponse(gold, text, options);
}

/** Numbers to try for options that take one: fewer digits, the strictest first. */
const NUMBERS: Partial<Record<keyof GradeOptions, readonly number[]>> = { decimalDigits: [5, 4, 3, 2, 1] };

/**
 * Which single options would turn the verdict: every value of every choice, and fewer digits of rounded decimals. For a number only the value
 * nearest to the present one is told.
 */
export function alternatives(kind: GradedKind, gold: string, text: string, options: Partial<GradeOptions> = {}): Alternative[] {
  const present = resolveOptions(options);
  const { correct } = gradeText(kind, gold, text, present);
  const found: Alternative[] = [];
  for (const info of GRADE_OPTIONS) {
    const values = info.kind === 'choice' ? info.choices.map(({ value }) => value) : (NUMBERS[info.name] ?? []);
    for (const value of values) {
      if (value === present[info.name] || (info.kind === 'number' && Number(value) > Number(present[info.name]))) continue;
      if (gradeText(kind, gold, text, { ...present, [info.name]: value }).correct === correct) continue;
      found.push({ option: info.name, value, correct: !correct });
      if (info.kind === 'number') break;
    }
  }
  return found;
}
