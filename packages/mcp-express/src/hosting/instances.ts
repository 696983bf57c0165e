import { McpError } from '../protocol/errors.js';
import { Instance, type InstanceOptions } from './instance.js';
import type { Profile } from './profile.js';
import type { HostedContext } from './upstream.js';

/** Settings of the instances of one hosted server. */
export interface InstancesOptions extends InstanceOptions {
  /** Most instances. At the limit, the one that was idle for longest is closed. */
  readonly most: number;
  /** Milliseconds without a request after which an instance is closed. */
  readonly idleMs: number;
}

/** The instance that a request needs. */
export interface WantedInstance {
  readonly key: string;
  readonly profile: Profile;
  /** The instance serves one session, or one caller of stateless requests, alone. */
  readonly exclusive: boolean;
}

interface Entry {
  readonly instance: Instance;
  readonly started: Promise<Instance>;
  usedAt: number;
}

/** Waiting times after failed starts, in milliseconds; the last one is repeated. */
const BACK_OFF_MS = [0, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** The running instances of a hosted server. They start when they are needed, and no more of them than allowed. */
export class Instances {
  /** In the order of use: the one that was not used for longest is the first. */
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #retryAt = 0;

  constructor(private readonly options: InstancesOptions) {}

  get count(): number {
    return this.#entries.size;
  }

  /**
   * The instance with this key, which is started if it does not run.
   * @throws McpError `overloaded` if the limit is reached and none is idle; `hosted-error` if it does not start
   */
  get(wanted: WantedInstance, context: HostedContext): Promise<Instance> {
    const known = this.#entries.get(wanted.key);
    if (known === undefined || known.instance.isGone) return this.#start(wanted, context);
    known.usedAt = Date.now();
    this.#entries.delete(wanted.key);
    this.#entries.set(wanted.key, known);
    return known.started;
  }

  /** The instance with this key, if it runs. */
  running(key: string): Instance | undefined {
    const instance = this.#entries.get(key)?.instance;
    return instance?.isReady === true && !instance.isGone ? instance : undefined;
  }

  /** Closes the instance with this key, if there is one. */
  close(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#closeInstance(entry.instance);
  }

  /** Closes all instances. Resolves when nothing of them is left. */
  async closeAll(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.map(({ instance }) => instance.close()));
  }

  #start({ key, profile, exclusive }: WantedInstance, context: HostedContext): Promise<Instance> {
    if (Date.now() < this.#retryAt) return Promise.reject(restarting(this.#retryAt - Date.now()));
    this.#makeRoom();
    const instance = new Instance(exclusive ? withoutCall(context) : undefined, this.options);
    const onGone = (): void => {
      if (this.#entries.get(key)?.instance === instance) this.#entries.delete(key);
    };
    const started = instance.start(profile, context, onGone).then(
      () => {
        this.#failures = 0;
        return instance;
      },
      (thrown: unknown) => {
        onGone();
        this.#onFailure();
        throw thrown;
      },
    );
    this.#entries.set(key, { instance, started, usedAt: Date.now() });
    this.#timer ??= setInterval(() => this.#closeIdle(), Math.max(1_000, this.options.idleMs / 4)).unref();
    return started;
  }

  /** A server that fails at its start, again and again, must not keep the machine busy with starting it. */
  #onFailure(): void {
    const waitMs = BACK_OFF_MS[Math.min(this.#failures, BACK_OFF_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#retryAt = Date.now() + waitMs;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.options.most) return;
    for (const [key, { instance }] of this.#entries) {
      if (instance.pending.size === 0 && (instance.isReady || instance.isGone)) return this.close(key);
    }
    throw new McpError('overloaded', `All ${this.options.most} instances of the hosted server are busy`);
  }

  #closeIdle(): void {
    const before = Date.now() - this.options.idleMs;
    for (const [key, { instance, usedAt }] of this.#entries) {
      if (usedAt < before && instance.pending.size === 0) this.close(key);
    }
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #closeInstance(instance: Instance): void {
    instance.close().catch((cause: unknown) => this.options.messages.failed('closing a hosted server', cause));
  }
}

function restarting(ms: number): McpError {
  return new McpError(
    'hosted-error',
    `The hosted server failed to start, and is tried again in ${Math.ceil(ms / 100) / 10} s`,
  );
}

/** A session outlives the call during which its server was started. */
function withoutCall({ context }: HostedContext): HostedContext {
  return { context };
}
