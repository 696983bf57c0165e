import { checkHostOptions, HOST_OPTIONS, wholeFrom } from '../hosting/host-options.js';
import { HostedServer } from '../hosting/hosted-server.js';
import type { HostOptions, Sharing } from '../hosting/hosting.js';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { ChildUpstream } from './child-upstream.js';

/** The command of `hostStdio`, and its options. Only `command` is required. */
export interface HostStdioOptions extends HostOptions {
  /** The program of the server, such as `npx`. It is started without a shell. */
  readonly command: string;
  /** Its arguments. @default [] */
  readonly args?: readonly string[];
  /** Further variables of its environment. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Names of variables of this process that it gets, beside those that programs need (`PATH`, `HOME`, `LANG`, …). All others
   * are kept from it, because they may hold secrets. @default []
   */
  readonly passEnv?: readonly string[];
  /** Its working directory. @default that of this process */
  readonly cwd?: string;
  /**
   * Which clients share a process. `'session'`: each session has its own, and the stateless requests of one caller share one.
   * `'shared'`: clients whose name, version, capabilities and revision are the same. `'one'`: all. What a process asks of the
   * client reaches it only while the requests of one session alone are running in that process. @default 'session'
   */
  readonly children?: Sharing;
  /** Most processes on this node. At the limit, one that is idle is ended. @default 100 */
  readonly maxChildren?: number;
  /** Bytes of memory that a process may occupy before it is ended (Linux). 0 for no limit. @default 0 */
  readonly maxMemoryBytes?: number;
  /** The longest message of the server, in bytes. Longer ones are dropped. @default 16777216 (16 MiB) */
  readonly maxMessageBytes?: number;
  /** Receives each line that a process writes to stderr, with secrets redacted. @default writes it to stderr */
  readonly onStderr?: (line: string) => void;
}

const OWN = [
  'command',
  'args',
  'env',
  'passEnv',
  'cwd',
  'children',
  'maxChildren',
  'maxMemoryBytes',
  'maxMessageBytes',
  'onStderr',
] as const satisfies readonly (keyof HostStdioOptions)[];

const DEFAULTS = { maxChildren: 100, maxMemoryBytes: 0, maxMessageBytes: 16 * 1024 * 1024 };

const SHARINGS: readonly unknown[] = ['session', 'shared', 'one'];

/** The variables that programs need to run, and that hold no secrets. */
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'APPDATA',
  'COMSPEC',
];
const PASSED_ON_WINDOWS = [
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'USERPROFILE',
];

/**
 * Hosts a server that speaks MCP over stdin and stdout: `mcpRouter(hostStdio({ command: 'npx', args: ['some-server'] }))`.
 * Processes are started when clients need them, ended when they are idle or their session ends, and started again, after a
 * pause if that keeps failing, when they have died. The calls of a process that dies get an error at once.
 *
 * @throws ConfigurationError if an option is invalid.
 */
export function hostStdio(options: HostStdioOptions): HostedServer {
  assertKnown(options, [...HOST_OPTIONS, ...OWN], 'hostStdio');
  checkHostOptions(options, 'hostStdio');
  checkCommand(options);
  const { maxChildren, maxMemoryBytes, maxMessageBytes } = { ...DEFAULTS, ...options };
  wholeFrom(1, maxChildren, 'hostStdio option "maxChildren"');
  wholeFrom(0, maxMemoryBytes, 'hostStdio option "maxMemoryBytes"');
  wholeFrom(1, maxMessageBytes, 'hostStdio option "maxMessageBytes"');
  const { command, args = [], cwd, children = 'session', onStderr = toStderr(command) } = options;
  const upstream = new ChildUpstream({
    command,
    args,
    env: environmentOf(options),
    cwd,
    maxMessageBytes,
    maxMemoryBytes,
    onStderr,
  });
  return new HostedServer({ upstream, sharing: children, most: maxChildren, options });
}

function checkCommand({
  command,
  args = [],
  env = {},
  passEnv = [],
  children = 'session',
  onStderr,
}: HostStdioOptions): void {
  const areTexts = (values: unknown): boolean =>
    Array.isArray(values) && values.every((each) => typeof each === 'string');
  if (typeof command !== 'string' || command === '') throw wrong('command', 'the name or path of a program', command);
  if (!areTexts(args)) throw wrong('args', 'an array of strings', args);
  if (!isObject(env) || !areTexts(Object.values(env))) throw wrong('env', 'an object of strings', env);
  if (!areTexts(passEnv)) throw wrong('passEnv', 'an array of names of variables', passEnv);
  if (!SHARINGS.includes(children)) throw wrong('children', '"session", "shared" or "one"', children);
  if (onStderr !== undefined && typeof onStderr !== 'function') throw wrong('onStderr', 'a function', onStderr);
}

function wrong(name: string, wanted: string, given: unknown): ConfigurationError {
  return new ConfigurationError(`hostStdio option "${name}" must be ${wanted}; it is ${kindOf(given)}`);
}

function environmentOf({ env = {}, passEnv = [] }: HostStdioOptions): Record<string, string> {
  const names = [...PASSED, ...(process.platform === 'win32' ? PASSED_ON_WINDOWS : []), ...passEnv];
  const passed = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), ...env };
}

function toStderr(command: string): (line: string) => void {
  return (line) => void process.stderr.write(`${command}: ${line}\n`);
}
