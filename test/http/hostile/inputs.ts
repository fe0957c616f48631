/** Bytes that a hostile or broken client sends, and the statuses that are right for them. */
export interface HostileInput {
  readonly name: string;
  /** Each part is sent after something was received in return for the one before. */
  readonly parts: readonly Buffer[];
  /** Statuses of which the first response has one; absent where any below 500 is right, or none at all. */
  readonly statuses?: readonly number[];
}

const host = 'Host: 127.0.0.1\r\n';
const json = 'Content-Type: application/json\r\n';
const query = '{"query":"{__typename}"}';
const handshake =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

const input = (kind: string, text: string, send: string, statuses?: readonly number[]): HostileInput => ({
  name: `${kind} ${shown(text)}`,
  parts: [bytes(send)],
  ...(statuses && { statuses }),
});

const requestLines = [
  'GET',
  'get /livez HTTP/1.1',
  'G\0T /livez HTTP/1.1',
  'GET /livez HTTP/9.9',
  'GET /livez HTTX/1.1',
  'GET /livez http/1.1',
  'GET /livez HTTP/1.1 again',
  'GET\t/livez\tHTTP/1.1',
  'PRI * HTTP/2.0',
  'FROBNICATE /livez HTTP/1.1',
  `${'A'.repeat(20_000)} / HTTP/1.1`,
  'HTTP/1.1 200 OK',
  'SSH-2.0-OpenSSH_9.2',
  '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
  '\x05\x01\0',
  '\x80\x81\xff\xfe',
  '*1\r\n$4\r\nPING',
  '{"query":"{__typename}"}',
  'EHLO example.com',
  '\0\0\0\0',
  ': :',
  'M-SEARCH * HTTP/1.1',
];

/** Targets that are no path, or whose path would be read as something else. */
const brokenTargets = [
  '//',
  '//h:99999',
  '///',
  '/\\[',
  '/\\evil.example',
  'http://a:99999/graphql',
  'http://[/',
  'http://127.0.0.1/graphql',
  'https://u:p@h:1/',
  'ws://127.0.0.1/graphql',
  '*',
  'mailto:x',
  'a',
  'a:80',
  '?query=x',
  '#',
  '\\graphql',
  '.',
];

/** Targets that are paths, of the kind that breaks those who decode them. */
const oddPaths = [
  '/%',
  '/%zz',
  '/%00',
  '/%ff%fe',
  '/graphql?query=%',
  '/graphql?query=%7B',
  '/graphql?variables=%7B&query=%7B__typename%7D',
  '/graphql?extensions=%5B&query=%7B__typename%7D',
  '/graphql?__proto__=1',
  '/graphql/../..',
  '/..%2f..%2fetc',
  '/graphql%2f',
  '/GRAPHQL',
  '/api',
  '/api/',
  '/api/%',
  '/api/flow_runs/%zz',
  '/api/flow_runs/%00/set_state',
  '/livez/',
  '/livez?x=%',
  '/readyz#x',
  `/${'a'.repeat(8000)}`,
  `/graphql?query=${'%7B'.repeat(2000)}`,
  '/{}|^`"<>',
  '/;x=y',
  '/\xe9',
  '/\0',
  '/ \tx',
];

const hosts: readonly (readonly [value: string | null, statuses?: readonly number[]])[] = [
  [null, [400]],
  ['a b', [400]],
  ['[', [400]],
  ['[::1', [400]],
  ['[zz]', [400]],
  ['a:99999', [400]],
  ['a:b', [400]],
  ['a/b', [400]],
  ['127.0.0.1/graphql?', [400]],
  ['a?b', [400]],
  ['a#b', [400]],
  ['u@127.0.0.1', [400]],
  ['a\\b', [400]],
  ['\xff', [400]],
  ['127.0.0.1:1:2', [400]],
  ['127.0.0.1\r\nHost: 127.0.0.1', [400]],
  ['%', [400]],
  ['%00', [400]],
  ['::1', [400]],
  ['0x7f.0.0.0.1.2.3', [200, 400, 421]],
  ['999.999.999.999', [200, 400, 421]],
  ['a'.repeat(5000), [200, 400, 421]],
  ['..'],
  [','],
  ['a,b'],
  [''],
  ['localhost.evil.example'],
  ['127.0.0.1.'],
];

/** Header lines of a POST whose body is `{}`, with its length where the lines say nothing of it. */
const headerLines: readonly (readonly [lines: string, statuses?: readonly number[]])[] = [
  [`X: ${'a'.repeat(20_000)}`, [431]],
  [Array.from({ length: 3000 }, (_, index) => `X${index}: 1`).join('\r\n'), [431]],
  ['X: a\0b', [400]],
  ['X: a\x01b', [400]],
  ['X: a\x7fb', [400]],
  ['no colon', [400]],
  ['X : 1', [400]],
  [': 1', [400]],
  ['X: a\r\n folded', [400]],
  ['X\0: 1', [400]],
  ['X\xe9: 1', [400]],
  ['X: a\nY: b', [400]],
  ['X: a\rY: b', [400]],
  ['Content-Length: -1', [400]],
  ['Content-Length: +2', [400]],
  ['Content-Length: 0x2', [400]],
  ['Content-Length: 2 2', [400]],
  ['Content-Length: 2, 2', [400]],
  ['Content-Length: 1e3', [400]],
  ['Content-Length: 99999999999999999999999', [400]],
  ['Content-Length: 2\r\nContent-Length: 3', [400]],
  ['Content-Length: 2\r\nTransfer-Encoding: chunked', [400]],
  ['Transfer-Encoding: chunked\r\nContent-Length: 2', [400]],
  ['Transfer-Encoding: gzip', [400]],
  ['Transfer-Encoding: identity', [400]],
  ['Transfer-Encoding: chunked, gzip', [400]],
  ['Transfer-Encoding: xchunked', [400]],
  ['Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', [400]],
  ['Transfer-Encoding:\x0bchunked', [400]],
  ['Content-Length: 99999999999'],
  ['Expect: 200-maybe', [417]],
  ['Expect: 100-continue'],
  ['Connection: close, keep-alive'],
  ['Connection: Upgrade'],
  ['Upgrade: websocket'],
  ['Keep-Alive: timeout=-1, max=0'],
  ['Authorization: Bearer \xd0\xba\xd0\xbb\xd1\x8e\xd1\x87'],
  ['Authorization: Bearer a\r\nAuthorization: Bearer b'],
  ['Authorization: \xff'],
  ['Cookie: \xff\xfe; =; ;'],
  ['X-Request-Id: "><script>'],
  [`X-Request-Id: ${'9'.repeat(5000)}`],
  ['Accept: \xff/;q='],
  ['Accept: multipart/mixed;subscriptionSpec=1.0'],
  ['Content-Encoding: gzip'],
  ['Content-Encoding: br, deflate, frob'],
  ['Content-Type: ;'],
  ['Content-Type: application/json; charset=utf-16'],
  ['Content-Type: multipart/form-data; boundary='],
  ['Content-Type: application/x-www-form-urlencoded'],
  ['Origin: null'],
  ['Origin: http://['],
  ['User-Agent: \xff prefect/999999999999999999999'],
  ['X-Prefect-Api-Version: \xe9'],
  ['Range: bytes=99999999-1'],
  ['If-None-Match: "'],
  ['__proto__: x\r\nconstructor: y'],
];

/** Bodies in chunks, from the first size on. */
const chunks: readonly (readonly [body: string, statuses?: readonly number[]])[] = [
  ['zz\r\n', [400]],
  ['-1\r\n', [400]],
  ['0x10\r\n', [400]],
  ['FFFFFFFFFFFFFFFFF\r\n', [400]],
  ['\r\n', [400]],
  ['5\r\nabcdefgh', [400]],
  ['2\r\n{}0\r\n\r\n', [400]],
  [`2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`, [413]],
  ['2;\0\r\n{}\r\n0\r\n\r\n', [400]],
  ['2\n{}\n0\n\n', [400]],
  ['2\r\n{}\r\n0\r\nbroken trailer\r\n\r\n', [400]],
  ['2 \r\n{}\r\n0\r\n\r\n', [400]],
  ['2\r\n{}\r\n'],
  ['2\r\n{'],
  ['7fffffff\r\n{}'],
  [`${'1\r\n{\r\n'.repeat(2000)}0\r\n\r\n`],
];

/** Whole bodies that are no request. */
const bodies = [
  '',
  '{',
  '{"query":',
  '[]',
  'null',
  '1e999',
  '"\\ud800"',
  '{"query":"\xff\xfe"}',
  '{"query":"\0"}',
  '{"query":1}',
  '{"query":{}}',
  '{"query":"{__typename}","variables":[]}',
  '{"query":"{__typename}","variables":"{"}',
  '{"query":"{__typename}","operationName":1}',
  '{"query":"{__typename}","extensions":[]}',
  '{"query":"{__typename}","__proto__":{"query":"x"}}',
  '['.repeat(100_000),
  `{"query":"${'{a'.repeat(20_000)}"}`,
  `[${'{"query":"{__typename}"},'.repeat(100)}null]`,
];

/** Header lines of upgrades to protocols that there are not, and of broken handshakes. */
const upgrades: readonly (readonly [lines: string, statuses?: readonly number[]])[] = [
  [handshake.replace('websocket', 'h2c')],
  [handshake.replace('websocket', 'TLS/1.0, HTTP/2.0')],
  [handshake.replace('websocket', 'websocket, h2c')],
  [handshake.replace('websocket', 'foo/bar')],
  [handshake.replace('websocket', '\xff')],
  [handshake.replace('Upgrade: websocket', 'Upgrade:')],
  [handshake.replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')],
  [handshake.replace('dGhlIHNhbXBsZSBub25jZQ==', '\xff'.repeat(24))],
  [handshake.replace('Version: 13', 'Version: 12')],
  [handshake.replace('Version: 13', 'Version: x')],
  [handshake.replace('graphql-transport-ws', 'graphql-ws')],
  [handshake.replace('graphql-transport-ws', 'a, a')],
  [handshake.replace('graphql-transport-ws', ',')],
  [handshake.replace('graphql-transport-ws', '\xff')],
  [`${handshake}Sec-WebSocket-Extensions: permessage-deflate; x=\r\n`],
  [`${handshake}Sec-WebSocket-Extensions: ${'permessage-deflate, '.repeat(500)}\r\n`],
  [`${handshake}Origin: http://evil.example\r\n`],
  [`${handshake}Origin: null\r\n`],
  [`${handshake}Origin: http://[\r\n`],
  [`${handshake}Content-Length: 5\r\n`],
  [`${handshake}Transfer-Encoding: chunked\r\n`],
  [`${handshake}Expect: 100-continue\r\n`],
];

/** A frame with a mask of zeroes, which leaves the payload readable here. */
function frame(first: number, payload: string | Buffer, declaredLength?: bigint): Buffer {
  const content = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const length = declaredLength ?? BigInt(content.length);
  const mask = Buffer.alloc(4);
  if (length < 126n) return Buffer.concat([Buffer.from([first, 0x80 | Number(length)]), mask, content]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(length, 2);
  return Buffer.concat([head, mask, content]);
}

const text = 0x81;
const message = (value: unknown): Buffer => frame(text, JSON.stringify(value));
const init = message({ type: 'connection_init' });
const subscribe = (id: unknown, payload: unknown): Buffer => message({ id, type: 'subscribe', payload });

const frames: readonly (readonly [name: string, sent: Buffer])[] = [
  ['without a mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
  ['with reserved bits', frame(0xf1, '{}')],
  ['of a reserved opcode', frame(0x83, '{}')],
  ['of a reserved control opcode', frame(0x8f, '')],
  ['a control frame in fragments', frame(0x09, 'x')],
  ['a control frame that is too long', frame(0x89, 'x'.repeat(200))],
  ['text that is no UTF-8', frame(text, Buffer.from([0xff, 0xfe, 0xfd]))],
  ['a length of 2^63', frame(text, 'x', 2n ** 63n)],
  ['a length above the limit', frame(text, 'x', 100_000_000n)],
  ['a continuation of nothing', frame(0x80, 'x')],
  ['a text inside a text', Buffer.concat([frame(0x01, 'x'), frame(text, 'y')])],
  ['a close of one byte', frame(0x88, 'x')],
  ['a close with a code that is forbidden', frame(0x88, Buffer.from([0x03, 0xed]))],
  ['a close with a code out of range', frame(0x88, Buffer.from([0xff, 0xff]))],
  ['bytes after a close', Buffer.concat([frame(0x88, ''), init])],
  ['half a head', Buffer.from([0x81])],
  ['bytes that are no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['zeroes', Buffer.alloc(1000)],
  ['a thousand pings', Buffer.concat(Array.from({ length: 1000 }, () => frame(0x89, 'x'.repeat(100))))],
  ['a binary message', frame(0x82, '{}')],
  ['an empty message', frame(text, '')],
  ['a message that is no JSON', frame(text, '{')],
  ['deep nesting', frame(text, '['.repeat(50_000))],
  ['null', message(null)],
  ['a list', message([])],
  ['a type that is none', message({ type: 5 })],
  ['a type that there is not', message({ type: 'frobnicate' })],
  ['an init with a text', message({ type: 'connection_init', payload: 'x' })],
  [
    'an init with odd headers',
    message({ type: 'connection_init', payload: { authorization: 'Bearer ключ' } }),
  ],
  ['an init with a list', message({ type: 'connection_init', payload: { authorization: [1] } })],
  ['two inits', Buffer.concat([init, init])],
  ['a subscription before the init', subscribe('1', { query: '{__typename}' })],
  ['an id that is a number', Buffer.concat([init, subscribe(1, { query: '{__typename}' })])],
  ['an empty id', Buffer.concat([init, subscribe('', { query: '{__typename}' })])],
  ['a subscription without a query', Buffer.concat([init, subscribe('1', {})])],
  ['a subscription to nothing', Buffer.concat([init, subscribe('1', null)])],
  ['a query that is no text', Buffer.concat([init, subscribe('1', { query: {} })])],
  ['a query that cannot be parsed', Buffer.concat([init, subscribe('1', { query: '{' })])],
  [
    'variables that are a list',
    Buffer.concat([init, subscribe('1', { query: '{__typename}', variables: [] })]),
  ],
  [
    'an id twice',
    Buffer.concat([
      init,
      subscribe('1', { query: 'subscription{flowRunStateChanged{__typename}}' }),
      subscribe('1', { query: '{__typename}' }),
    ]),
  ],
  ['an end of nothing', Buffer.concat([init, message({ id: 'x', type: 'complete' })])],
  ['a pong with a payload', Buffer.concat([init, message({ type: 'pong', payload: { x: 'y' } })])],
];

const get = (target: string, lines = host): string => `GET ${target} HTTP/1.1\r\n${lines}\r\n`;
const post = (target: string, lines: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\n${host}${lines}\r\n${body}`;
const sized = (target: string, body: string): string =>
  post(target, `${json}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n`, body);

const isAboutLength = (lines: string): boolean => /^(content-length|transfer-encoding)/im.test(lines);

const inputs: readonly HostileInput[] = [
  ...requestLines.map(line =>
    input('request line', line, `${line}\r\n${host}\r\n`, line.startsWith('M-') ? undefined : [400, 431]),
  ),
  ...brokenTargets.flatMap(target => [
    input('GET', target, get(target), [400]),
    input('POST', target, sized(target, query), [400]),
    input('upgrade', target, get(target, host + handshake), [400]),
  ]),
  ...oddPaths.flatMap(target => [
    input('GET', target, get(target)),
    input('POST', target, sized(target, query)),
    input('upgrade', target, get(target, host + handshake)),
  ]),
  ...hosts.flatMap(([value, statuses]) => {
    const line = value === null ? '' : `Host: ${value}\r\n`;
    return [
      input('host', String(value), get('/livez', line), statuses),
      input('host of an upgrade', String(value), get('/graphql', line + handshake), statuses),
    ];
  }),
  ...headerLines.map(([lines, statuses]) =>
    input(
      'header',
      lines,
      post(
        '/graphql',
        `${/^content-type/i.test(lines) ? '' : json}${lines}\r\n${isAboutLength(lines) ? '' : 'Content-Length: 2\r\n'}`,
        '{}',
      ),
      statuses,
    ),
  ),
  ...chunks.map(([body, statuses]) =>
    input('chunks', body, post('/graphql', `${json}Transfer-Encoding: chunked\r\n`, body), statuses),
  ),
  ...bodies.flatMap(body => [
    input('GraphQL body', body, sized('/graphql', body)),
    input('REST body', body, sized('/api/flow_runs/', body)),
  ]),
  ...upgrades.map(([lines, statuses]) => input('upgrade', lines, get('/graphql', host + lines), statuses)),
  ...frames.map(([name, sent]) => ({
    name: `frame ${name}`,
    parts: [bytes(get('/graphql', host + handshake)), sent],
  })),
  input('request line', 'without a version', `GET /livez\r\n${host}\r\n`),
  input('request line', 'with two spaces', `GET  /livez  HTTP/1.1\r\n${host}\r\n`),
  input('CONNECT', 'a:80', `CONNECT a:80 HTTP/1.1\r\n${host}\r\n`, [405]),
  input('CONNECT', '/', `CONNECT / HTTP/1.1\r\n${host}\r\n`),
  input('TRACE', '/graphql', `TRACE /graphql HTTP/1.1\r\n${host}\r\n`),
  input('PROPFIND', '/graphql', `PROPFIND /graphql HTTP/1.1\r\n${host}\r\n`),
  input('DELETE', '/graphql', `DELETE /graphql HTTP/1.1\r\n${host}\r\n`),
  input('HTTP/1.0', '/livez', 'GET /livez HTTP/1.0\r\n\r\n', [200]),
  input('sent ahead', '50 requests', get('/livez').repeat(50), [200]),
  input('sent ahead', 'a request and no request', `${get('/livez')}no request\r\n\r\n`, [200]),
  input('sent ahead', 'a slow request and no request', `${sized('/graphql', query)}\0\0\0`),
  input('sent ahead', 'half a request', `${get('/livez')}GET /livez HT`, [200]),
  input('half', 'a head', 'GET /livez HTTP/1.1\r\nHost: 127.'),
  input('half', 'a body', post('/graphql', `${json}Content-Length: 100\r\n`, '{')),
  input('nothing', '', ''),
];

/** Everything there is, for servers whose GraphQL is at `/graphql`. */
export const hostileInputs: readonly HostileInput[] = inputs.map((each, index) => ({
  ...each,
  name: `${index + 1}, ${each.name}`,
}));
