const PATIENCE_MS = 10_000;

/**
 * Jest waits for ever for what keeps its process alive, such as the output of a server that a failed test forgot. This
 * reporter lets it wait for a moment only.
 */
export default class EndOfRun {
  onRunComplete() {
    setTimeout(() => {
      process.stderr.write('Something that the tests left open keeps Jest from ending: it is ended now.\n');
      process.exit();
    }, PATIENCE_MS).unref();
  }
}
