import { chmodSync, mkdirSync } from 'node:fs';

/** The ports of a proxy and of the server behind it, on the loopback interface. */
export interface Places {
  readonly folder: string;
  readonly upstream: number;
  readonly http1: number;
  /** The port for clients of HTTP/2 without TLS: the same as for HTTP/1.1 where the proxy distinguishes the two. */
  readonly http2: number;
}

/** A proxy with its configuration. */
export interface ProxyServer {
  readonly name: string;
  /** The part of its configuration that matters for streams. */
  readonly setting: string;
  /** The program, and the Debian package that has it. */
  readonly program: string;
  readonly debian: string;
  readonly http2: 'none' | 'same port' | 'own port';
  readonly version: readonly string[];
  readonly config: (places: Places) => string;
  readonly args: (file: string, places: Places) => readonly string[];
  readonly prepare?: (places: Places) => void;
}

const nginx: ProxyServer = {
  name: 'nginx',
  setting: '`proxy_http_version 1.1`',
  program: 'nginx',
  debian: 'nginx',
  http2: 'own port',
  version: ['-v'],
  config: ({ folder, upstream, http1, http2 }) => {
    const server = (listen: string) => `server {
      listen 127.0.0.1:${listen};
      location / {
        proxy_pass http://127.0.0.1:${upstream};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
      }
    }`;
    return `pid ${folder}/pid; error_log ${folder}/error.log; daemon off; worker_processes 1;
      events {}
      http { access_log off; ${server(String(http1))} ${server(`${http2} http2`)} }`;
  },
  args: (file) => ['-c', file],
};

function haproxy(setting: string, option: string): ProxyServer {
  return {
    name: 'HAProxy',
    setting,
    program: 'haproxy',
    debian: 'haproxy',
    http2: 'own port',
    version: ['-v'],
    config: ({ upstream, http1, http2 }) => `defaults
  mode http
  ${option}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend in
  bind 127.0.0.1:${http1}
  bind 127.0.0.1:${http2} proto h2
  default_backend node
backend node
  server one 127.0.0.1:${upstream}
`,
    args: (file) => ['-db', '-q', '-f', file],
  };
}

const caddy: ProxyServer = {
  name: 'Caddy',
  setting: '',
  program: 'caddy',
  debian: 'caddy',
  http2: 'same port',
  version: ['version'],
  config: ({ upstream, http1 }) => `{
  admin off
  auto_https off
  servers {
    protocols h1 h2 h2c
  }
}
http://:${http1} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${upstream}
}
`,
  args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
};

function apache(setting: string): ProxyServer {
  return {
    name: 'Apache',
    setting: setting && `\`${setting}\``,
    program: 'apache2',
    debian: 'apache2',
    http2: 'same port',
    version: ['-v'],
    config: ({ folder, upstream, http1 }) => {
      const modules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'http2'].map(
        (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
      );
      return `ServerName localhost
ServerRoot ${folder}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${http1}
${modules.join('\n')}
User www-data
Group www-data
Protocols h2c http/1.1
ProxyTimeout 60
ProxyPass / http://127.0.0.1:${upstream}/ ${setting}
`;
    },
    args: (file) => ['-DFOREGROUND', '-f', file],
  };
}

const varnish: ProxyServer = {
  name: 'Varnish',
  setting: '`return (pass)`',
  program: 'varnishd',
  debian: 'varnish',
  http2: 'same port',
  version: ['-V'],
  config: ({ upstream }) => `vcl 4.1;
backend node { .host = "127.0.0.1"; .port = "${upstream}"; .first_byte_timeout = 60s; .between_bytes_timeout = 60s; }
sub vcl_recv { return (pass); }
`,
  args: (file, { folder, http1 }) => [
    ...['-F', '-n', `${folder}/state`, '-a', `127.0.0.1:${http1}`, '-f', file],
    ...['-s', 'malloc,16m', '-j', 'none', '-p', 'feature=+http2'],
  ],
};

const squid: ProxyServer = {
  name: 'squid',
  setting: '`cache deny all`',
  program: 'squid',
  debian: 'squid',
  http2: 'none',
  version: ['-v'],
  config: ({ folder, upstream, http1 }) => `http_port 127.0.0.1:${http1} accel defaultsite=localhost no-vhost
cache_peer 127.0.0.1 parent ${upstream} 0 no-query originserver name=node
http_access allow all
cache deny all
access_log none
cache_log ${folder}/state/cache.log
cache_store_log none
pid_filename ${folder}/state/pid
coredump_dir ${folder}/state
shutdown_lifetime 0 seconds
`,
  args: (file) => ['-N', '-f', file],
  prepare: ({ folder }) => openFolder(folder),
};

const h2o: ProxyServer = {
  name: 'h2o',
  setting: '',
  program: 'h2o',
  debian: 'h2o',
  http2: 'same port',
  version: ['-v'],
  config: ({ upstream, http1 }) => `user: root
listen: { host: 127.0.0.1, port: ${http1} }
hosts:
  default:
    paths:
      /:
        proxy.reverse.url: http://127.0.0.1:${upstream}/
        proxy.timeout.io: 60000
`,
  args: (file) => ['-m', 'worker', '-c', file],
};

function lighttpd(setting: string): ProxyServer {
  return {
    name: 'lighttpd',
    setting: setting && `\`${setting}\``,
    program: 'lighttpd',
    debian: 'lighttpd',
    http2: 'same port',
    version: ['-v'],
    config: ({ folder, upstream, http1 }) => `server.modules = ("mod_proxy")
server.document-root = "${folder}"
server.bind = "127.0.0.1"
server.port = ${http1}
${setting}
server.feature-flags = ( "server.h2proto" => "enable", "server.h2c" => "enable" )
proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => ${upstream} ) ) )
`,
    args: (file) => ['-D', '-f', file],
  };
}

/** Squid leaves the rights of root. */
function openFolder(folder: string): void {
  mkdirSync(`${folder}/state`);
  for (const each of [folder, `${folder}/state`]) chmodSync(each, 0o777);
}

/** The proxies of the table in docs/guides/behind-a-proxy.md. */
export const PROXIES: readonly ProxyServer[] = [
  nginx,
  haproxy('', 'no option abortonclose'),
  haproxy('`option abortonclose`', 'option abortonclose'),
  caddy,
  apache(''),
  apache('flushpackets=on'),
  varnish,
  squid,
  h2o,
  lighttpd(''),
  lighttpd('server.stream-response-body = 2'),
];
