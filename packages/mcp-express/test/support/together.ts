import { test } from '@jest/globals';
import { withOwnEnding } from './cleanup.js';

type Scenario = () => Promise<void>;

export interface Together {
  /** As that of Jest. The time it is given begins with the first of them. */
  test(title: string, scenario: Scenario): void;
}

/**
 * Tests that mostly wait: all begin with the first of them, so that their waits pass at once, and each tells its own
 * outcome. They share no variables, and none may depend on what the whole process does at that time.
 */
export function together(): Together {
  const scenarios: Scenario[] = [];
  let begun: Promise<void>[] | undefined;
  const begin = (): Promise<void>[] =>
    scenarios.map((scenario) => {
      const running = withOwnEnding(scenario);
      // Its own test tells of it, later.
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
