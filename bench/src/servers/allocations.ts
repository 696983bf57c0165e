import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Bytes between two samples, on average. */
const INTERVAL = 8_192;

/** Options of V8 that the types of this Node lack: collected objects count too. */
const EVERYTHING = {
  samplingInterval: INTERVAL,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
};

/** Starts sampling of allocations. @returns a function that ends it and writes the profile to a file. */
export function sampleAllocations(): (file: string) => Promise<void> {
  const session = new Session();
  session.connect();
  const begun = session.post('HeapProfiler.startSampling', EVERYTHING);
  return async (file) => {
    await begun;
    const { profile } = await session.post('HeapProfiler.stopSampling');
    writeFileSync(file, JSON.stringify(profile));
  };
}
