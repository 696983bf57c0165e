import request from 'supertest';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox.js';

/** The sandbox's date. */
export const TODAY = '2026-11-25';
/** The sandbox's token. */
export const TOKEN = 'sandbox-token';

/** A sandbox with signed requests. */
export interface Api {
  readonly sandbox: Sandbox;
  get(path: string): request.Test;
  post(path: string, body: object): request.Test;
  patch(path: string, body: object): request.Test;
  delete(path: string): request.Test;
  /** Creates a record and returns its id. */
  make(path: string, idField: string, body: object): Promise<number>;
}

/** Opens a sandbox behind supertest, with the token on every request. */
export function openApi(options: Partial<SandboxOptions> = {}): Api {
  const sandbox = createSandbox({ today: TODAY, token: TOKEN, limits: false, seed: false, ...options });
  const signed = (test: request.Test) => test.set('Authorization', `Bearer ${TOKEN}`);
  const agent = request(sandbox.app);
  const api: Api = {
    sandbox,
    get: (path) => signed(agent.get(`/v3${path}`)),
    post: (path, body) => signed(agent.post(`/v3${path}`)).send(body),
    patch: (path, body) => signed(agent.patch(`/v3${path}`)).send(body),
    delete: (path) => signed(agent.delete(`/v3${path}`)),
    async make(path, idField, body) {
      const { body: made } = await api.post(path, body).expect(201);
      return made[idField];
    },
  };
  return api;
}
