import type { Readable } from 'node:stream';
import type { Upstream, UpstreamConnection, UpstreamEvents } from '../hosting/upstream.js';
import { redactSecrets } from '../observe/redact.js';
import type { JsonRpcMessage } from '../protocol/json-rpc.js';
import { readMessage } from '../protocol/json-rpc.js';
import { watchMemory } from './child-memory.js';
import { Child, type Command } from './child-process.js';
import { linesOf } from './lines.js';

/** Settings of the children of one command. */
export interface ChildSettings extends Command {
  readonly maxMessageBytes: number;
  /** Bytes of resident memory; 0 for no limit. */
  readonly maxMemoryBytes: number;
  /** Receives the lines of stderr. */
  readonly onStderr: (line: string) => void;
}

/** Lines on stdout that are no messages, after which a child is ended: it does not speak MCP. */
const MAX_RUBBISH = 1_000;

/** The longest line of stderr that is passed on, in bytes. */
const MAX_STDERR_LINE = 16 * 1024;

/** Bytes that may wait for a child that does not read its input. */
const MAX_WAITING = 16 * 1024 * 1024;

/** Starts the command for each instance, and speaks MCP over its stdin and stdout. */
export class ChildUpstream implements Upstream {
  readonly what: string;
  readonly knowsContext = false;

  constructor(private readonly settings: ChildSettings) {
    this.what = `The server ${settings.command}`;
  }

  async connect(events: UpstreamEvents): Promise<UpstreamConnection> {
    const child = await Child.start(this.settings);
    // An input that is closed shows as the end of the process.
    child.stdin.on('error', () => {});
    const stopWatching = watchMemory(child, this.settings.maxMemoryBytes, (cause) =>
      this.#giveUp(child, events, cause),
    );
    void this.#readMessages(child, events);
    void this.#readErrors(child.stderr);
    void child.exited.then((cause) => {
      stopWatching();
      events.closed(cause);
    });
    return {
      send: (message) => this.#send(child, message),
      close: () => child.end(),
    };
  }

  #send(child: Child, message: JsonRpcMessage): void {
    if (child.stdin.writableLength > MAX_WAITING) throw new Error(`${this.what} does not read its input`);
    child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async #readMessages(child: Child, events: UpstreamEvents): Promise<void> {
    let rubbish = 0;
    try {
      for await (const line of linesOf(child.stdout, this.settings.maxMessageBytes)) {
        if (line?.trim() === '') continue;
        const message = messageIn(line);
        if (message !== undefined) {
          events.message(message);
          continue;
        }
        rubbish += 1;
        if (rubbish === 1)
          this.#report(`stdout has a line that is no message of MCP: ${line?.slice(0, 200) ?? 'it is too long'}`);
        if (rubbish >= MAX_RUBBISH) return this.#giveUp(child, events, new Error('its stdout is not MCP'));
      }
    } catch {
      // The process has ended.
    }
  }

  async #readErrors(stderr: Readable): Promise<void> {
    try {
      for await (const line of linesOf(stderr, MAX_STDERR_LINE)) this.#report(line ?? '(a line that is too long)');
    } catch {
      // The process has ended.
    }
  }

  #report(line: string): void {
    this.settings.onStderr(String(redactSecrets(line)));
  }

  /** Its callers need not wait for the end of a process that may ignore signals. */
  #giveUp(child: Child, events: UpstreamEvents, cause: unknown): void {
    events.closed(cause);
    child.signal('SIGKILL');
  }
}

function messageIn(line: string | undefined): JsonRpcMessage | undefined {
  try {
    return line === undefined ? undefined : readMessage(JSON.parse(line));
  } catch {
    return undefined;
  }
}
