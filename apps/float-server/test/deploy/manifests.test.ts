/** What `deploy/` says and what the server does must be the same: names, ports, paths and times. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from '../../../../packages/mcp-express/test/support/yaml.js';
import { readConfig } from '../../src/config.js';
import { NGINX_CONFIG, ROOT } from '../chaos/places.js';

// biome-ignore lint/suspicious/noExplicitAny: a manifest is of any shape, and a look at what is not there fails.
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
  .filter((file) => file !== 'kustomization.yaml')
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

/** The server's own time for running calls, and what comes after it: three seconds for what is on its way, and the store. */
const GRACE_S = Number(/const GRACE_MS = ([\d_]+);/.exec(app)?.[1]?.replaceAll('_', '')) / 1_000;
const AFTER_S = 5;

describe('the environment', () => {
  const environments: Record<string, () => Record<string, string>> = {
    Compose: () => filledIn(compose.services.node1.environment),
    Kubernetes: () => one('ConfigMap').data,
  };

  test.each(Object.entries(environments))(
    'of %s is one the server takes, without a name it does not know',
    (_name, of) => {
      const env = of();
      const looked = variablesOf(env);
      expect(Object.keys(env).filter((name) => !looked.has(name))).toEqual([]);
      expect(readConfig(env)).toMatchObject({ host: '0.0.0.0', port: 3000, store: 'redis://redis:6379' });
    },
  );

  test('secrets that are named are known too', () => {
    const text = readFileSync(join(KUBERNETES, 'float-server.yaml'), 'utf8');
    const named = [...text.matchAll(/--from-literal=(\w+)/g)].map(([, name = '']) => name);
    const looked = variablesOf({});
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

  test('nobody is sent to a node that is not ready, and none is restarted for want of the store', () => {
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

describe('stopping', () => {
  test('nobody is killed before running calls had their time', () => {
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

  test.each(Object.entries(commands))('in %s keeps what it was told, and throws nothing away (R35)', (_name, of) => {
    const line = of().join(' ');
    expect(line).toContain('--appendonly yes');
    expect(line).toContain('--maxmemory-policy noeviction');
  });

  test('its data outlives it', () => {
    expect(compose.services.redis.volumes).toEqual(['redis:/data']);
    expect(Object.keys(compose.volumes)).toEqual(['redis']);
    expect(one('StatefulSet', 'redis').spec.volumeClaimTemplates[0].metadata.name).toBe('data');
  });
});

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
  for (const [, major] of text.matchAll(/^FROM node:(\d+)/gm)) expect(Number(major)).toBeGreaterThanOrEqual(wanted);
  expect(text).toMatch(/^CMD \["node", "dist\/main\.js"\]$/m);
  expect(text).toMatch(/^USER node$/m);
  expect(compose.services.node1.build).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
  expect(container().image).toBe(compose.services.node1.image);
});
