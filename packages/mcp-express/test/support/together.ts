import { test } from '@jest/globals';
import { withOwnEnding } from './cleanup.js';

type Scenario = () => Promise<void>;

/** Functions that define concurrent tests. */
export interface Together {
  /** Like Jest's `test`. The timeout begins with the first test of the group. */
  test(title: string, scenario: Scenario): void;
}

/**
 * Tests that mostly wait. All of them start with the first one, so that they wait at the same time; each reports its own
 * result. They share no variables, and must not depend on the state of the whole process.
 */
export function together(): Together {
  const scenarios: Scenario[] = [];
  let begun: Promise<void>[] | undefined;
  const begin = (): Promise<void>[] =>
    scenarios.map((scenario) => {
      const running = withOwnEnding(scenario);
      // The test itself reports the failure later.
      running.catch(() => {});
      return running;
    });
  return {
    test(title, scenario) {
      const place = scenarios.push(scenario) - 1;
      test(title, () => {
        begun ??= begin();
        return begun[place];
      });
    },
  };
}
