/** What a grader says about itself, so that controls and help are made from it, and what it makes of its options. */
import type { Verdict } from '../types';
import type { OptionValue } from '../dataset/types';

interface OptionBase<T extends OptionValue> {
  name: string;
  label: string;
  /** What it does, in a sentence or two. */
  description: string;
  default: T;
}

export interface FlagOption extends OptionBase<boolean> {
  kind: 'flag';
}

export interface ChoiceOption extends OptionBase<string> {
  kind: 'choice';
  choices: readonly { value: string; description: string }[];
}

export interface NumberOption extends OptionBase<number> {
  kind: 'number';
  min: number;
  max: number;
  integer: boolean;
}

export interface TextOption extends OptionBase<string> {
  kind: 'text';
  maxLength: number;
}

export type GraderOption = FlagOption | ChoiceOption | NumberOption | TextOption;
export type OptionValues = Record<string, OptionValue>;

/** Compares a response with a gold answer. Never throws, ends after a bounded number of steps, depends on its arguments alone. */
export type Grade = (gold: string, response: string) => Verdict;

export interface Grader {
  id: string;
  name: string;
  description: string;
  /** What a row's gold holds under this grader. */
  goldHelp: string;
  options: readonly GraderOption[];
  /** @param options complete and checked. @throws RangeError for a combination that cannot work, with the reason. */
  create(options: OptionValues): Grade;
  /** What is wrong with a gold answer under these options, in a sentence; null where it can be used. */
  goldProblem(gold: string, options: OptionValues): string | null;
}
