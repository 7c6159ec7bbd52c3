/** The inputs of the grader's bench. Verdicts elsewhere on the page can put their answers here. */
import type { GradedKind, GradeOptions } from '../../math';
import { DEFAULT_GRADE_OPTIONS } from '../../math/options';

export class GraderBench {
  kind = $state<GradedKind>('answer');
  gold = $state('\\frac{3}{4}');
  text = $state('0.75');
  options = $state<GradeOptions>({ ...DEFAULT_GRADE_OPTIONS });

  show(kind: GradedKind, gold: string, text: string, options: Partial<GradeOptions> = {}): void {
    this.kind = kind;
    this.gold = gold;
    this.text = text;
    this.options = { ...DEFAULT_GRADE_OPTIONS, ...options };
  }

  set(option: keyof GradeOptions, value: string | number): void {
    this.options = { ...this.options, [option]: value };
  }

  reset(): void {
    this.options = { ...DEFAULT_GRADE_OPTIONS };
  }
}
