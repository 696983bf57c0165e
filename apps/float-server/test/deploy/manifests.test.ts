/** `deploy/` must agree with the server: names, ports, paths and times. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from '../../../../packages/mcp-express/test/support/yaml.js';
import { readConfig } from '../../src/config.js';
import { NGINX_CONFIG, ROOT } from '../chaos/paths.js';

// biome-ignore lint/suspicious/noExplicitAny: manifests have any structure, and access to a missing part fails.
type Manifest = any;

const KUBERNETES = join(ROOT, 'deploy/kubernetes');

function documentsOf(path: string): Manifest[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { merge: true }).map((document) => {
    expect([path, document.errors, document.warnings]).toEqual([path, [], []]);
    return document.toJS() as Manifest;
  });
}

const [compose] = documentsOf(join(ROOT, 'deploy/compose.yaml'));
const manifests = readdirSync(KUBERNETES)
  .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
  .flatMap((file) => documentsOf(join(KUBERNETES, file)));
const nginx = readFileSync(NGINX_CONFIG, 'utf8');
const SRC = join(ROOT, 'apps/float-server/src');
const app = readdirSync(SRC)
  .filter((file) => /(?<!\.test)\.ts$/.test(file))
  .map((file) => readFileSync(join(SRC, file), 'utf8'))
  .join('');

const one = (kind: string, name = 'float-server'): Manifest => {
  const found = manifests.filter((each) => each.kind === kind && each.metadata.name === name);
  expect([kind, name, found.length]).toEqual([kind, name, 1]);
  return found[0];
};

/** As Kubernetes fills it in. */
const storeOf = ({ env }: Manifest): string =>
  env.find((each: Manifest) => each.name === 'STORE').value.replace('$(REDIS_PASSWORD)', 'secret');

const pod = () => one('Deployment').spec.template.spec;
const container = () => pod().containers[0];
const composed = () => [1, 2, 3].map((number) => compose.services[`node${number}`]);

/** The variables the server looks at, by looking on while it looks. */
function variablesOf(env: Readonly<Record<string, string>>): Set<string> {
  const looked = new Set<string>();
  const watched = new Proxy(env, {
    get: (target, name) => {
      looked.add(String(name));
      return Reflect.get(target, name);
    },
  });
  readConfig(watched);
  return looked;
}

/** As Compose fills it in where nothing is set. */
const filledIn = (env: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(env).map(([name, text]) => [name, text.replace(/^\$\{\w+:-(.*)\}$/, '$1')]));

/** The server's grace period for running calls, and three seconds for responses in flight and the store. */
const GRACE_S = Number(/const GRACE_MS = ([\d_]+);/.exec(app)?.[1]?.replaceAll('_', '')) / 1_000;
const AFTER_S = 5;

describe('the environment', () => {
  const environments: Record<string, () => Record<string, string>> = {
    Compose: () => filledIn(compose.services.node1.environment),
    Kubernetes: () => ({ ...one('ConfigMap').data, STORE: storeOf(container()) }),
  };
  const KEYS = { API_KEY_HASHES: `ann=${'0'.repeat(64)}` };

  test.each(Object.entries(environments))(
    'of %s is one the server takes, without a name it does not know',
    (_name, of) => {
      const env = { ...of(), ...KEYS };
      const looked = variablesOf(env);
      expect(Object.keys(env).filter((name) => !looked.has(name))).toEqual([]);
      const store = expect.stringMatching(/^redis:\/\/(:secret@)?redis:6379$/);
      expect(readConfig(env)).toMatchObject({ host: '0.0.0.0', port: 3000, store });
    },
  );

  test.each(Object.entries(environments))('of %s does not start a server without authentication', (_name, of) => {
    expect(() => readConfig(of())).toThrow('set API_KEY_HASHES or OAUTH_ISSUER, or ALLOW_ANYONE=true');
    expect(readConfig({ ...of(), ALLOW_ANYONE: 'true' }).access).toEqual({ kind: 'anyone' });
  });

  test('secrets that are named are known too', () => {
    const text = readFileSync(join(KUBERNETES, 'float-server.yaml'), 'utf8');
    const named = [...text.matchAll(/--from-literal=(\w+)/g)].map(([, name = '']) => name);
    const looked = variablesOf({ PORT: '3000' });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !looked.has(name))).toEqual([]);
  });

  test('the store is the Redis beside it, and the host clients call is the one of the Ingress', () => {
    expect(compose.services.redis).toBeDefined();
    expect(one('Service', 'redis').spec.ports[0].port).toBe(6379);
    const [rule] = one('Ingress').spec.rules;
    expect(one('ConfigMap').data.ALLOWED_HOSTS.split(',')).toContain(rule.host);
  });
});

describe('ports and paths', () => {
  test('are those of the server, from the container to nginx', () => {
    const { PORT } = one('ConfigMap').data;
    expect(container().ports).toEqual([{ name: 'http', containerPort: Number(PORT) }]);
    expect(one('Service').spec.ports[0].targetPort).toBe('http');
    expect(one('Ingress').spec.rules[0].http.paths[0].backend.service).toEqual({
      name: 'float-server',
      port: { name: 'http' },
    });
    const upstreams = [...nginx.matchAll(/server (\w+):(\d+) max_fails/g)].map(([, host, port]) => [host, port]);
    const nodes = ['node1', 'node2', 'node3'].map((name) => [name, compose.services[name].environment.PORT]);
    expect(upstreams).toEqual([...nodes, ...nodes]);
    const listen = /listen (\d+);/.exec(nginx)?.[1];
    expect(compose.services.nginx.ports).toEqual([`127.0.0.1:${listen}:${listen}`]);
    expect(compose.services.nginx.volumes[0]).toMatch(/^\.\/nginx\/float-server\.conf:/);
  });

  test('no request goes to a node that is not ready, and no node is restarted because of the store', () => {
    const { readinessProbe, livenessProbe } = container();
    expect([readinessProbe.httpGet, livenessProbe.httpGet]).toEqual([
      { path: '/readyz', port: 'http' },
      { path: '/healthz', port: 'http' },
    ]);
    for (const { path } of [readinessProbe.httpGet, livenessProbe.httpGet]) expect(app).toContain(`app.get('${path}'`);
    for (const { healthcheck } of composed()) expect(healthcheck.test.at(-1)).toContain(':3000/readyz');
    expect(compose.services.nginx.healthcheck.test.at(-1)).toContain(':8080/readyz');
  });
});

describe('permissions of a pod', () => {
  const pods: Record<string, () => Manifest> = {
    nodes: pod,
    Redis: () => one('StatefulSet', 'redis').spec.template.spec,
  };

  test.each(Object.entries(pods))('%s: no root, no writing but to volumes, no rights of the kernel', (_name, of) => {
    const { securityContext, automountServiceAccountToken, containers } = of();
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(securityContext.runAsUser).toBeGreaterThan(0);
    expect(automountServiceAccountToken).toBe(false);
    for (const { securityContext: own } of containers) {
      expect(own).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('the nodes are reached through the Ingress, and Redis by the nodes, alone', () => {
    const [nodes, redis] = [one('NetworkPolicy'), one('NetworkPolicy', 'redis')].map(({ spec }) => spec);
    expect(nodes.podSelector.matchLabels).toEqual(one('Deployment').spec.selector.matchLabels);
    expect(redis.podSelector.matchLabels).toEqual(one('StatefulSet', 'redis').spec.selector.matchLabels);
    for (const { policyTypes } of [nodes, redis]) expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(nodes.ingress).toEqual([{ from: [{ namespaceSelector: expect.anything() }], ports: [{ port: 'http' }] }]);
    const fromNodes = [{ podSelector: nodes.podSelector }];
    expect([redis.ingress, redis.egress]).toEqual([[{ from: fromNodes, ports: [{ port: 'redis' }] }], []]);
    expect(nodes.egress[0].to).toEqual([{ podSelector: redis.podSelector }]);
  });

  test('figures stay inside of the pod', () => {
    const { STATS_PORT, STATS_HOST } = one('ConfigMap').data;
    expect([STATS_HOST, container().ports.length]).toEqual([undefined, 1]);
    expect(readConfig({ STATS_PORT }).stats).toEqual({ host: '127.0.0.1', port: Number(STATS_PORT) });
  });
});

describe('stopping', () => {
  test('no process is killed before the grace period ends', () => {
    expect(GRACE_S).toBeGreaterThan(0);
    for (const { stop_grace_period: grace } of composed()) {
      expect(grace).toMatch(/^\d+s$/);
      expect(Number.parseInt(grace, 10)).toBeGreaterThanOrEqual(GRACE_S + AFTER_S);
    }
    const [sleep, seconds] = container().lifecycle.preStop.exec.command;
    expect(sleep).toBe('sleep');
    expect(pod().terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(seconds) + GRACE_S + AFTER_S);
  });

  test('a deploy takes no node away before there is another, and drains of machines one at a time', () => {
    const { spec } = one('Deployment');
    expect([spec.replicas, spec.strategy.rollingUpdate]).toEqual([3, { maxSurge: 1, maxUnavailable: 0 }]);
    const budget = one('PodDisruptionBudget').spec;
    expect([budget.maxUnavailable, budget.selector.matchLabels]).toEqual([1, spec.selector.matchLabels]);
    expect(one('Service').spec.selector).toEqual(spec.template.metadata.labels);
  });
});

describe('Redis', () => {
  const commands: Record<string, () => string[]> = {
    Compose: () => compose.services.redis.command,
    Kubernetes: () => one('StatefulSet', 'redis').spec.template.spec.containers[0].args,
  };

  test.each(Object.entries(commands))('in %s persists all writes and evicts nothing (R35)', (_name, of) => {
    const line = of().join(' ');
    expect(line).toContain('--appendonly yes');
    expect(line).toContain('--maxmemory-policy noeviction');
  });

  test('in Kubernetes asks for a password, which is in no argument, and which its probes and the nodes know', () => {
    const { containers, volumes } = one('StatefulSet', 'redis').spec.template.spec;
    const [{ args, env, volumeMounts }] = containers;
    expect(args[0]).toBe('/etc/redis/auth.conf');
    expect(args.join(' ')).not.toContain('requirepass');
    const key = { secretKeyRef: { name: 'redis', key: 'password' } };
    expect(env).toEqual([{ name: 'REDISCLI_AUTH', valueFrom: key }]);
    expect(container().env[0]).toEqual({ name: 'REDIS_PASSWORD', valueFrom: key });
    const { name } = volumeMounts.find(({ mountPath }: Manifest) => mountPath === '/etc/redis');
    expect(volumes.find((each: Manifest) => each.name === name).secret.secretName).toBe('redis');
  });

  test('in Kubernetes can use TLS, by a component that fits the manifests', () => {
    const [{ patches }] = documentsOf(join(KUBERNETES, 'redis-tls/kustomization.yaml'));
    const targets: Record<string, Manifest> = { redis: one('StatefulSet', 'redis'), 'float-server': one('Deployment') };
    for (const { target, patch } of patches) {
      const manifest = structuredClone(targets[target.name]);
      for (const document of parseAllDocuments(patch)) {
        for (const step of document.toJS() as Manifest[]) apply(manifest, step);
      }
      const [patched] = manifest.spec.template.spec.containers;
      if (target.name === 'float-server') expect(readConfig({ STORE: storeOf(patched) }).store).toMatch(/^rediss:/);
      else expect(patched.args.join(' ')).toContain('--port 0 --tls-port 6379');
      for (const { name } of patched.volumeMounts) {
        const named = [...(manifest.spec.template.spec.volumes ?? []), ...(manifest.spec.volumeClaimTemplates ?? [])];
        expect(named.some((each: Manifest) => (each.name ?? each.metadata.name) === name)).toBe(true);
      }
    }
  });

  test('its data outlives it', () => {
    expect(compose.services.redis.volumes).toEqual(['redis:/data']);
    expect(Object.keys(compose.volumes)).toEqual(['redis']);
    expect(one('StatefulSet', 'redis').spec.volumeClaimTemplates[0].metadata.name).toBe('data');
  });
});

/** One operation of a JSON patch (RFC 6902). Its target, or the parent of an addition, must exist. */
function apply(manifest: Manifest, { op, path, value }: Manifest): void {
  const names = path.split('/').slice(1);
  const last = names.pop();
  const parent = names.reduce((at: Manifest, name: string) => at[name], manifest);
  expect([path, typeof parent]).toEqual([path, 'object']);
  if (op === 'replace') expect(parent).toHaveProperty(last);
  if (last === '-') parent.push(value);
  else parent[last] = value;
}

test('the Ingress does what the shipped nginx does', () => {
  const { annotations } = one('Ingress').metadata;
  const ofNginx = (name: string) => new RegExp(`^  ${name} (.*);$`, 'm').exec(nginx)?.[1];
  const short = (text: string | undefined) => text?.replace(/s$/, '');
  const prefix = 'nginx.ingress.kubernetes.io/';
  expect(annotations).toEqual({
    [`${prefix}proxy-buffering`]: ofNginx('proxy_buffering'),
    [`${prefix}proxy-connect-timeout`]: short(ofNginx('proxy_connect_timeout')),
    [`${prefix}proxy-read-timeout`]: short(ofNginx('proxy_read_timeout')),
    [`${prefix}proxy-body-size`]: ofNginx('client_max_body_size'),
    [`${prefix}proxy-next-upstream`]: ofNginx('proxy_next_upstream'),
  });
});

test('the document shows the nginx configuration that is shipped', () => {
  const text = readFileSync(join(ROOT, 'docs/scaling.md'), 'utf8');
  expect(/^```nginx\n([\s\S]*?)^```$/m.exec(text)?.[1]).toBe(nginx);
});

test('the image runs the server itself, with the Node that is asked for, and nothing between it and signals', () => {
  const text = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8');
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
  const wanted = Number(/\d+/.exec(engines.node)?.[0]);
  for (const [, major] of text.matchAll(/^ARG NODE_IMAGE=node:(\d+)/gm))
    expect(Number(major)).toBeGreaterThanOrEqual(wanted);
  expect(text).toMatch(/^CMD \["node", "dist\/main\.js"\]$/m);
  expect(text).toMatch(/^USER node$/m);
  expect(compose.services.node1.build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
  expect(container().image).toBe(compose.services.node1.image);
});
