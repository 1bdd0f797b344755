// One WebSocket: its packets (Engine.IO 4, "WebSocket") and its frames (RFC 6455).
import { closeFrame, frame, OPCODE } from '../support/frames.mjs';
import { settled } from '../support/waiting.mjs';

const websocket = (name, run, server = 'engine') => ({
  name: `ws: ${name}`,
  server,
  run: async (peer) => run(await peer.session(), peer),
});

/** All frames up to the echo of a message that is sent last. */
const after = (name, say) => websocket(name, (socket) => {
  say(socket);
  return socket.text('4fence').until('4fence');
});

/** All frames up to the end, for what is expected to end the connection. */
const ending = (name, say) => websocket(name, (socket) => {
  say(socket);
  return socket.rest();
});

const { binary, close, continuation, ping, pong } = OPCODE;

export default [
  websocket('the handshake', async (socket) => ({ handshake: socket.handshake, open: socket.open })),
  after('one text', (socket) => socket.text('4hello')),
  after('a text of several scripts', (socket) => socket.text('4żółw ✓ 🐢 てすと')),
  after('octets', (socket) => socket.binary([1, 2, 3, 4])),
  after('no octets', (socket) => socket.binary([])),
  after('octets that look like a packet', (socket) => socket.binary(Buffer.from('1'))),
  after('an empty message', (socket) => socket.text('4')),
  after('octets in base64', (socket) => socket.text('bAQIDBA==')),
  after('a big text', (socket) => socket.text(`4${'x'.repeat(70_000)}`)),
  after('a text of exactly the most', (socket) => socket.text(`4${'x'.repeat(999_999)}`)),
  ending('a text of one octet too many (W10)', (socket) => socket.text(`4${'x'.repeat(1_000_000)}`)),
  ending('too many octets', (socket) => socket.binary(Buffer.alloc(1_000_001))),
  ending('too many octets in fragments', (socket) => socket
    .raw(frame(Buffer.alloc(600_000), { opcode: binary, fin: false }))
    .raw(frame(Buffer.alloc(600_000), { opcode: continuation }))),
  after('an open packet of the client', (socket) => socket.text('0{}')),
  after('a pong that nobody asked for', (socket) => socket.text('3')),
  after('a noop', (socket) => socket.text('6')),
  after('an upgrade packet', (socket) => socket.text('5')),
  ending('a ping in the wrong direction (W18)', (socket) => socket.text('2')),
  ending('a probe without an upgrade', (socket) => socket.text('2probe')),
  ending('what is no packet', (socket) => socket.text('abc')),
  ending('an unknown packet type', (socket) => socket.text('7')),
  ending('an empty text', (socket) => socket.text('')),
  after('a message in fragments', (socket) => socket
    .raw(frame('4he', { fin: false }))
    .raw(frame('ll', { opcode: continuation, fin: false }))
    .raw(frame('o', { opcode: continuation }))),
  after('a ping between fragments', (socket) => socket
    .raw(frame('4he', { fin: false })).raw(frame('mid', { opcode: ping })).raw(frame('llo', { opcode: continuation }))),
  after('a ping of WebSocket', (socket) => socket.raw(frame('are you there', { opcode: ping }))),
  after('a pong of WebSocket', (socket) => socket.raw(frame('', { opcode: pong }))),
  after('two messages in one packet', (socket) => socket.raw(Buffer.concat([frame('4one'), frame('4two')]))),
  after('a message octet by octet', (socket) => { for (const octet of frame('4slow')) socket.raw(Buffer.from([octet])); }),
  ending('a frame without its mask', (socket) => socket.raw(frame('4hello', { masked: false }))),
  ending('a reserved bit', (socket) => socket.raw(frame('4hello', { rsv: 4 }))),
  ending('another reserved bit', (socket) => socket.raw(frame('4hello', { rsv: 2 }))),
  ending('an unknown opcode', (socket) => socket.raw(frame('hello', { opcode: 3 }))),
  ending('an unknown control opcode', (socket) => socket.raw(frame('hello', { opcode: 11 }))),
  ending('a continuation of nothing', (socket) => socket.raw(frame('hello', { opcode: continuation }))),
  ending('a text between fragments', (socket) => socket.raw(frame('4he', { fin: false })).text('4hello')),
  ending('a ping in fragments', (socket) => socket.raw(frame('ping', { opcode: ping, fin: false }))),
  ending('a ping that is too long', (socket) => socket.raw(frame('x'.repeat(126), { opcode: ping }))),
  ending('text that is no UTF-8', (socket) => socket.raw(frame([0x34, 0xff, 0xfe]))),
  ending('a size of 2^63', (socket) => socket.raw(Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]))),
  ...[[1000], [1001], [3000, 'my reason'], [4999, 'ż'], [undefined]].map(([code, reason]) =>
    ending(`a goodbye with ${code ?? 'no code'}`, (socket) => socket.close(code, reason))),
  ...[999, 1004, 1005, 1006, 1016, 2999, 5000].map((code) => ending(`a goodbye with ${code}`, (socket) => socket.close(code))),
  ending('a goodbye of one octet', (socket) => socket.raw(frame([3], { opcode: close }))),
  ending('a goodbye whose reason is no UTF-8', (socket) => socket.raw(frame([3, 232, 0xff], { opcode: close }))),
  ending('a message behind a goodbye', (socket) => socket.raw(Buffer.concat([closeFrame(1000), frame('4late')]))),
  ending('a close packet (W21)', (socket) => socket.text('1')),
  {
    name: 'ws: a message that comes with the request',
    server: 'strict',
    run: async (peer) => (await peer.socket(undefined, { early: frame('40') })).until('42["auth",{}]'),
  },
  websocket('polling for a WebSocket session (W4)', async (socket, peer) => {
    return {
      get: await peer.request(`EIO=4&transport=polling&sid=${socket.sid}`),
      post: await peer.request(`EIO=4&transport=polling&sid=${socket.sid}`, { method: 'POST', body: '4hello' }),
      alive: await socket.text('4fence').until('4fence'),
    };
  }),
  websocket('a plain request for a WebSocket session', async (socket, peer) =>
    settled(1000, peer.request(`EIO=4&transport=websocket&sid=${socket.sid}`), 'nothing')),
  websocket('a second WebSocket for a WebSocket session', async (socket, peer) => {
    const second = await peer.socket(`EIO=4&transport=websocket&sid=${socket.sid}`);
    return { handshake: second.handshake, second: await second.rest(), first: await socket.text('4fence').until('4fence') };
  }),
];
