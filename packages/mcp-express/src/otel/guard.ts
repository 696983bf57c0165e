/** Runs a step of the SDK. A sampler, processor or exporter of the application that throws must not affect a call. */
export function quietly<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
