import { EventStream } from '../wire/event-stream.js';
import { headOf, sessionHead } from '../wire/head.js';
import { emitBody, SESSION_REVISION } from '../wire/messages.js';
import { openSessions } from '../wire/sessions.js';

/** A call with many notifications, whose stream is kept for a client that resumes. */
export class Backlog {
  /** Makes a call that sends `events` notifications, reads them all, and keeps the id of the first event. */
  static async make(port: number, events: number): Promise<Backlog> {
    const [session] = (await openSessions(port, 1)) as [string];
    const stream = await EventStream.open(port);
    stream.request(sessionHead(port, session), emitBody(1, events));
    await stream.until(() => stream.ended);
    if (stream.messages !== events + 1) throw new Error(`${stream.messages} messages, not ${events + 1}`);
    const first = /\nid: ([^\n]+)\n/.exec(stream.start)?.[1];
    if (first === undefined) throw new Error(`no event id: ${stream.start.slice(0, 500)}`);
    return new Backlog(port, session, stream, first, events);
  }

  private constructor(
    private readonly port: number,
    readonly session: string,
    private stream: EventStream,
    private readonly lastEventId: string,
    private readonly events: number,
  ) {}

  get #head(): string {
    const { port, session, lastEventId } = this;
    return headOf('GET', { port, session, accept: 'text/event-stream', revision: SESSION_REVISION, lastEventId });
  }

  /** Resumes after the first event. @returns the number of messages received. */
  async replay(): Promise<number> {
    const { stream, events } = this;
    stream.request(this.#head);
    await stream.opened();
    // The first event may be the one before all messages (2025-11-25), or the first message.
    await stream.until(() => stream.messages >= events);
    // The server may leave the stream open, or close it: the next replay has a connection of its own.
    const { messages } = stream;
    stream.close();
    this.stream = await EventStream.open(this.port);
    return messages;
  }

  /** Resumes, and reads nothing. */
  stall(): void {
    this.stream.request(this.#head);
    this.stream.pause();
  }

  close(): void {
    this.stream.close();
  }
}
