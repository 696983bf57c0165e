const PATIENCE_MS = 10_000;

/**
 * Ends Jest a moment after its last test. Otherwise it waits for ever for open handles, such as the output of a server that
 * a failed test did not stop.
 */
export default class EndOfRun {
  onRunComplete() {
    setTimeout(() => {
      process.stderr.write('Something that the tests left open keeps Jest from ending: it is ended now.\n');
      process.exit();
    }, PATIENCE_MS).unref();
  }
}
