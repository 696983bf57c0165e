import webpack from 'webpack';

/** `webpack` without its command, which is a package of its own. */
const [, , context, entry, path] = process.argv;

webpack({ mode: 'none', target: 'node', context, entry, output: { path, filename: 'app.cjs' } }, (failed, stats) => {
  const errors = failed ?? (stats.hasErrors() ? stats.toString({ all: false, errors: true }) : undefined);
  if (errors === undefined) return;
  console.error(errors);
  process.exitCode = 1;
});
