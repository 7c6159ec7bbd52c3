/** Vitest reporter that writes the count and the reasons of skipped tests to the file named by SUITE_RESULT. */
import { writeFileSync } from 'node:fs';

export default class SuiteReporter {
  onTestRunEnd(modules, unhandledErrors, reason) {
    const result = { passed: 0, failed: 0, skipped: [], crashed: [] };
    for (const module of modules) {
      for (const error of module.errors()) result.crashed.push(`${module.relativeModuleId}: ${error.message}`);
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') result.passed++;
        else if (state === 'failed') result.failed++;
        // `context.skip('why')` gives a note; skipIf says why in the name of the test or of its describe.
        else result.skipped.push({ name: `${module.relativeModuleId} › ${test.fullName}`, reason: note ?? '' });
      }
    }
    for (const error of unhandledErrors) result.crashed.push(`unhandled: ${error.message}`);
    if (reason === 'interrupted') result.crashed.push('the run was interrupted');
    writeFileSync(process.env.SUITE_RESULT, JSON.stringify(result));
  }
}
