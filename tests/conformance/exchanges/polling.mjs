// HTTP long-polling, request by request (Engine.IO 4, "HTTP long-polling"); W5 to W14 of the notes on the wire.
const polling = (name, run, server = 'engine') => ({
  name: `polling: ${name}`,
  server,
  run: async (peer) => run(await peer.polling(), peer),
});

/** What comes back for a body, and whether the session outlives it. */
const posted = (name, body, options) => polling(name, async (session) => ({
  answer: await session.post(body, options),
  echo: await fence(session),
}));

const GZIP = { headers: { 'Accept-Encoding': 'gzip' } };
let fences = 0;

/** All that the session has to say, up to an echo that is asked for now. */
async function fence(session) {
  const mark = `4fence ${++fences}`;
  const { status } = await session.post(mark);
  if (status !== 200) return session.get();
  return (await session.until((packet) => packet === mark)).filter((packet) => packet !== mark);
}

/** A POST whose head and half of whose body have been sent. */
function half(lane, session, body) {
  lane.send(`POST ${session.target()} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length + 10}\r\n\r\n${body}`);
}

export default [
  polling('the handshake', async (session) => session.opened),
  posted('one text', '4hello'),
  posted('a text of several scripts', '4żółw ✓ 🐢 てすと'),
  posted('an empty message', '4'),
  posted('several texts in one body', '4one\x1e4two\x1e4three'),
  posted('text and octets in one body', '4hello\x1ebAQIDBA==\x1e4bye'),
  posted('octets without padding', 'bAQIDBA'),
  posted('no octets', 'b'),
  posted('octets in no base64', 'b****'),
  posted('octets in the other base64', 'b-_-_'),
  posted('an unknown packet type', '7hello'),
  posted('what is no packet', 'abc'),
  posted('an empty body', ''),
  posted('a bad packet after a good one', '4ok\x1eabc\x1e4never'),
  posted('a separator at the end', '4hello\x1e'),
  posted('a ping in the wrong direction', '2'),
  posted('a probe without a WebSocket', '2probe'),
  posted('a pong that nobody asked for', '3'),
  posted('an open packet of the client', '0{}'),
  posted('an upgrade packet', '5'),
  posted('a noop', '6'),
  posted('text that is no UTF-8', Buffer.from([0x34, 0xff, 0xfe])),
  posted('a chunked body', '6\r\n4hello\r\n0\r\n\r\n', { headers: { 'Transfer-Encoding': 'chunked' } }),
  posted('a content type of forms', '4hello', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
  posted('octets as content type', '4hello', { headers: { 'Content-Type': 'application/octet-stream' } }),
  posted('Expect: 100-continue', '4hello', { headers: { Expect: '100-continue' } }),
  posted('a body of exactly the most', `4${'x'.repeat(999_999)}`),
  posted('a body of one octet too many', `4${'x'.repeat(1_000_000)}`),
  posted('a chunked body of too many octets', `f4241\r\n4${'x'.repeat(1_000_000)}\r\n0\r\n\r\n`,
    { headers: { 'Transfer-Encoding': 'chunked' } }),
  ...['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'].map((method) => polling(`${method} with a session`, async (session) => {
    const lane = await session.lane();
    const { status, reason, headers, body } = await lane.request(method, session.target());
    return { status, reason, type: headers['content-type'], body: body.toString(), alive: await session.alive() };
  })),
  polling('the echo of a parked poll', async (session) => {
    const parked = await session.park();
    const post = await session.post('4hello');
    return { post, poll: await parked.answer };
  }),
  { feature: 'compression', ...polling('a big echo for a client that takes gzip', async (session) => {
    await session.post(`4${'x'.repeat(5000)}`);
    const { headers, status } = await session.polls.request('GET', session.target(), GZIP);
    return { status, encoding: headers['content-encoding'], type: headers['content-type'] };
  }) },
  polling('a small echo for a client that takes gzip', async (session) => {
    await session.post('4hello');
    const { headers, status } = await session.polls.request('GET', session.target(), GZIP);
    return { status, encoding: headers['content-encoding'], type: headers['content-type'] };
  }),
  polling('a second poll beside the first (W7)', async (session) => {
    const second = await session.lane();
    const parked = await session.park();
    const other = await second.request('GET', session.target());
    return {
      second: { status: other.status, type: other.headers['content-type'], body: other.body.toString() },
      first: await parked.answer,
      alive: await session.alive(),
    };
  }),
  polling('a second post beside the first (W7)', async (session) => {
    const first = await session.lane();
    const second = await session.lane();
    half(first, session, '4never');
    const other = await second.request('POST', session.target(), { body: '4hello' });
    return { second: { status: other.status, body: other.body.toString() }, alive: await session.alive() };
  }),
  polling('a poll that the client gives up (W8)', async (session) => {
    await session.park();
    session.polls.destroy();
    return session.gone();
  }),
  polling('a close packet while a poll is parked (W12)', async (session) => {
    const parked = await session.park();
    return { post: await session.post('1'), poll: await parked.answer, alive: await session.alive() };
  }),
  polling('a close packet while none is parked', async (session) => ({
    post: await session.post('1'), alive: await session.alive(), poll: await session.get(),
  })),
  polling('a message behind a close packet', async (session) => {
    const parked = await session.park();
    return { post: await session.post('1\x1e4late'), poll: await parked.answer, alive: await session.alive() };
  }),
  polling('a message before a close packet', async (session) => {
    const parked = await session.park();
    return { post: await session.post('4early\x1e1'), poll: await parked.answer, alive: await session.alive() };
  }),
  polling('two polls of one connection in a row', async (session) => {
    await session.post('4one');
    const first = await session.get();
    await session.post('4two');
    return { first, second: await session.get() };
  }),
  polling('two requests in one packet', async (session, peer) => {
    const lane = await session.lane();
    const body = '4hello';
    const post = lane.exchange(Buffer.from(
      `POST ${session.target()} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
      + `GET ${session.target()} HTTP/1.1\r\nHost: a\r\n\r\n`));
    const get = lane.exchange(Buffer.alloc(0));
    return [await post, await get].map(({ status, body: text }) => `${status} ${text}`);
  }),
  polling('a poll as a WebSocket session', async (session) => {
    const lane = await session.lane();
    const target = session.target().replace('transport=polling', 'transport=websocket');
    const { status, body } = await lane.request('GET', target);
    return { status, body: body.toString(), alive: await session.alive() };
  }),
  polling('another version with a known session', async (session) => {
    const lane = await session.lane();
    const { status, body } = await lane.request('POST', session.target().replace('EIO=4', 'EIO=3'), { body: '4hello' });
    return { status, body: body.toString(), alive: await session.alive() };
  }),
];
