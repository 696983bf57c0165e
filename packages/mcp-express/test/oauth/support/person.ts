import type { Page } from './sign-in-pages.js';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** More than any sign-in takes, so that a loop shows as one. */
const MAX_STEPS = 20;

/** Somebody with a browser: follows redirects, keeps cookies, logs in, and consents. */
export class Person {
  readonly #cookies = new Map<string, Cookie>();
  /** The pages that were shown, in order. */
  readonly pages: Page[] = [];

  constructor(
    readonly login: string,
    private readonly consent: 'yes' | 'no' = 'yes',
  ) {}

  /** Goes where a client sends its user. @returns the URL at which the browser came back to the client. */
  async authorize(authorization: URL, redirectUrl: string): Promise<URL> {
    let next: { url: URL; form?: URLSearchParams } = { url: authorization };
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const answer = await this.#fetch(next.url, next.form);
      const location = answer.headers.get('location');
      if (location === null) {
        next = { url: next.url, form: await this.#read(answer) };
        continue;
      }
      await answer.body?.cancel();
      const url = new URL(location, next.url);
      // Nobody listens there: a client reads it from its address bar.
      if (url.href.startsWith(redirectUrl)) return url;
      next = { url };
    }
    throw new Error(`the authorization server never comes to an end: ${next.url}`);
  }

  async #read(answer: Response): Promise<URLSearchParams> {
    const body = await answer.text();
    if (!answer.ok) throw new Error(`the authorization server shows an error: ${answer.status} ${body}`);
    const page = JSON.parse(body) as Page;
    this.pages.push(page);
    return new URLSearchParams(page.asks === 'login' ? { login: this.login } : { consent: this.consent });
  }

  async #fetch(url: URL, form?: URLSearchParams): Promise<Response> {
    const cookie = [...this.#cookies.values()]
      .filter(({ path }) => url.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice('path='.length) ?? '/';
    if (value === '') this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { name, value, path });
  }
}
