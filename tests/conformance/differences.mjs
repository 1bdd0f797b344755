// Where Atrium answers otherwise than the official server, on purpose: exchange by exchange, field by field, what the one
// says and what the other. Undefined where there is nothing. A test fails on a difference that is not here, and on one that
// is here and is none any more.

const because = (reason, exchanges) => Object.entries(exchanges).flatMap(([exchange, fields]) =>
  Object.entries(fields).map(([field, [official, atrium]]) => ({ exchange, field, official, atrium, reason })));

const NOT_UPGRADED = {
  'frames.1': ['end', undefined], 'handshake.accepted': [true, undefined], 'handshake.connection': ['Upgrade', 'close'],
  'handshake.reason': ['Switching Protocols', 'Bad Request'], 'handshake.status': [101, 400],
  'handshake.type': [undefined, 'text/html'], 'handshake.upgrade': ['websocket', undefined],
};
const BODY_REFUSED = { 'answer.body': ['ok', ''], 'answer.reason': ['OK', 'Bad Request'], 'answer.status': [200, 400] };
const BODY_REFUSED_V3 = { 'post.body': ['ok', ''], 'post.reason': ['OK', 'Bad Request'], 'post.status': [200, 400] };
const OPEN = '0{"sid":"<id>","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const FORBIDDEN = {
  body: [OPEN, '{"code":4,"message":"Forbidden"}'], 'headers.cache-control': ['no-store', undefined],
  'headers.content-type': ['text/plain; charset=UTF-8', 'application/json'], reason: ['OK', 'Forbidden'], status: [200, 403],
};
const SESSION_GONE = {
  'echo.headers.access-control-allow-origin': [undefined, '*'],
  'echo.body': [undefined, '{"code":1,"message":"Session ID unknown"}'],
  'echo.headers.content-type': [undefined, 'application/json'], 'echo.persistent': [undefined, true],
  'echo.reason': [undefined, 'Bad Request'], 'echo.status': [undefined, 400],
};
const NO_CORS = { 'answer.headers.access-control-allow-origin': ['*', undefined] };
const CLOSED = {
  'frames.0': ['nothing', 'close:none:'], 'frames.1': [undefined, 'end'],
  heard: ['nothing', '42["gone","<id>","forced close"]'],
};

export const DIFFERENCES = [
  ...because('Left out on purpose: JSONP, for browsers that no longer are.', {
    'JSONP': {
      body: [
        '___eio[0]("0{\\"sid\\":\\"<id>\\",'
          + '\\"upgrades\\":[\\"websocket\\"],\\"pingInterval\\":25000,\\"pingTimeout\\":20000,\\"maxPayload\\":1000000}");',
        '0{"sid":"<id>","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
      ],
    },
  }),
  ...because('An empty id is the id of no session; Node takes it for no id and begins another session.', {
    'an empty session id': {
      body: [
        '0{"sid":"<id>","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}',
        '{"code":1,"message":"Session ID unknown"}',
      ],
      'headers.cache-control': ['no-store', undefined],
      'headers.content-type': ['text/plain; charset=UTF-8', 'application/json'], reason: ['OK', 'Bad Request'],
      status: [200, 400],
    },
  }),
  ...because('A WebSocket that will not be served is refused before the 101; Node upgrades it first (W3).', {
    'ws: transport=polling': {
      ...NOT_UPGRADED, 'frames.0': ['close:none:', undefined], 'handshake.body': [undefined, 'Bad request'],
    },
    'ws: EIO=3 where only 4 is spoken': {
      ...NOT_UPGRADED, 'frames.0': ['no frame', undefined], 'handshake.body': [undefined, 'Unsupported protocol version'],
    },
    'ws: no EIO': {
      ...NOT_UPGRADED, 'frames.0': ['no frame', undefined], 'handshake.body': [undefined, 'Unsupported protocol version'],
    },
    'ws: EIO=abc': {
      ...NOT_UPGRADED, 'frames.0': ['no frame', undefined], 'handshake.body': [undefined, 'Unsupported protocol version'],
    },
  }),
  ...because('Pages of other sites are kept out, also from WebSockets, which CORS does not guard.', {
    'an Origin with a character of Latin-1': { ...FORBIDDEN },
    'an Origin that nobody allowed': { ...FORBIDDEN },
    'cors: a handshake of a page of the wrong site, with credentials': {
      ...FORBIDDEN, 'headers.access-control-allow-origin': ['http://page.example', undefined],
    },
    'ws: an Origin of another site': {
      first: ['0{"sid":"<id>","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}', undefined],
      'handshake.accepted': [true, undefined], 'handshake.body': [undefined, 'Forbidden'],
      'handshake.connection': ['Upgrade', 'close'], 'handshake.reason': ['Switching Protocols', 'Bad Request'],
      'handshake.status': [101, 400], 'handshake.type': [undefined, 'text/html'], 'handshake.upgrade': ['websocket', undefined],
    },
  }),
  ...because('Who may read is told only to those who may, and to nobody who does not say where it comes from.', {
    'cors: a handshake of no page, with credentials': {
      'headers.access-control-allow-origin': ['http://page.example', undefined],
    },
    'cors: a preflight of the wrong site, with credentials': {
      'headers.access-control-allow-origin': ['http://page.example', undefined],
    },
  }),
  ...because('Whatever is wrong with an opening handshake, the words are those of Engine.IO.', {
    'ws: an Upgrade to something else': { 'handshake.body': ['Invalid Upgrade header', 'Bad request'] },
    'ws: version 7': {
      'handshake.body': ['Missing or invalid Sec-WebSocket-Version header', 'Bad request'],
      'handshake.version': ['13, 8', '13'],
    },
    'ws: no key': { 'handshake.body': ['Missing or invalid Sec-WebSocket-Key header', 'Bad request'] },
    'ws: a key of the wrong length': { 'handshake.body': ['Missing or invalid Sec-WebSocket-Key header', 'Bad request'] },
  }),
  ...because('The drafts before RFC 6455 are not spoken.', {
    'ws: version 8': {
      'frames.0': ['0{"sid":"<id>","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}', undefined],
      'frames.1': ['nothing', undefined], 'handshake.accepted': [true, undefined],
      'handshake.body': [undefined, 'Bad request'], 'handshake.connection': ['Upgrade', 'close'],
      'handshake.reason': ['Switching Protocols', 'Bad Request'], 'handshake.status': [101, 400],
      'handshake.type': [undefined, 'text/html'], 'handshake.upgrade': ['websocket', undefined],
      'handshake.version': [undefined, '13'],
    },
  }),
  ...because('A body that cannot be read is answered 400, as the protocol page says; Node says ok, then closes (W11).', {
    'polling: an unknown packet type': { ...BODY_REFUSED },
    'polling: what is no packet': { ...BODY_REFUSED },
    'polling: an empty body': { ...BODY_REFUSED },
    'polling: a bad packet after a good one': { ...BODY_REFUSED },
    'polling: a separator at the end': { ...BODY_REFUSED },
    'eio3: no length': { ...BODY_REFUSED_V3 },
    'eio3: a length too long': { ...BODY_REFUSED_V3 },
    'eio3: a length too short': { ...BODY_REFUSED_V3 },
    'eio3: an unknown packet': { ...BODY_REFUSED_V3 },
    'eio3: an empty body': { ...BODY_REFUSED_V3 },
    'eio3: a length of nothing': {
      ...BODY_REFUSED_V3, body: [undefined, '{"code":1,"message":"Session ID unknown"}'], status: [undefined, 400],
      type: [undefined, 'application/json'],
    },
  }),
  ...because('Neither base64 nor UTF-8 is guessed at: a body that is not what it claims to be is refused.', {
    'polling: octets in no base64': { ...BODY_REFUSED, ...SESSION_GONE, 'echo.0': ['b', undefined] },
    'polling: octets in the other base64': { ...BODY_REFUSED, ...SESSION_GONE, 'echo.0': ['b+/+/', undefined] },
    'polling: text that is no UTF-8': { ...BODY_REFUSED, ...SESSION_GONE, 'echo.0': ['4��', undefined] },
  }),
  ...because('The body has come along already, so nobody waits to be told to go on (RFC 9110 10.1.1).', {
    'polling: Expect: 100-continue': { 'answer.continued': [true, undefined] },
  }),
  ...because('The rest of a body that is too big is not read: HTTP refuses it, and ends the connection; the session goes on.', {
    'polling: a body of one octet too many': { ...NO_CORS, 'answer.persistent': [true, false] },
    'polling: a chunked body of too many octets': { ...NO_CORS, 'answer.persistent': [true, false] },
  }),
  ...because('A request is handled when the whole of it has come, so one that is half there disturbs nobody (W7).', {
    'polling: a second post beside the first (W7)': {
      alive: ['400 {"code":1,"message":"Session ID unknown"}', '200 ok'], 'second.body': ['', 'ok'],
      'second.status': [400, 200],
    },
  }),
  ...because('After a goodbye by POST a poll may still be on its way: the session stays to release it with a noop.', {
    'polling: a close packet while none is parked': {
      alive: ['400 {"code":1,"message":"Session ID unknown"}', '200 ok'],
      'poll.body': ['{"code":1,"message":"Session ID unknown"}', '6'], 'poll.headers.cache-control': [undefined, 'no-store'],
      'poll.headers.content-type': ['application/json', 'text/plain; charset=UTF-8'], 'poll.reason': ['Bad Request', 'OK'],
      'poll.status': [400, 200],
    },
    'polling: a message before a close packet': { 'poll.body': ['4early', '6'] },
  }),
  ...because('What is said in the first turn goes with the first answer.', {
    'eio3: Socket.IO 2: over polling': {
      first: [`<length>:${OPEN}`, `<length>:${OPEN}2:4013:42["auth",{}]`],
      'polls.0.body': ['2:4013:42["auth",{}]29:42["message-back","hello żó"]', '29:42["message-back","hello żó"]'],
    },
  }),
  ...because('Octets of no known type break the protocol; Node ignores them.', {
    'eio3: octets of no type over ws': { 0: ['nothing', 'close:1000:'], 1: [undefined, 'end'] },
  }),
  ...because('The frame that ends a connection says why, for whoever looks into it.', {
    'ws: a text of one octet too many (W10)': { 0: ['close:1009:', 'close:1009:the message is longer than the server takes'] },
    'ws: too many octets': { 0: ['close:1009:', 'close:1009:the message is longer than the server takes'] },
    'ws: too many octets in fragments': { 0: ['close:1009:', 'close:1009:the message is longer than the server takes'] },
    'ws: a frame without its mask': { 0: ['close:1002:', 'close:1002:a client\'s frame must be masked'] },
    'ws: a reserved bit': { 0: ['close:1002:', 'close:1002:a reserved bit is set'] },
    'ws: another reserved bit': { 0: ['close:1002:', 'close:1002:a reserved bit is set'] },
    'ws: an unknown opcode': { 0: ['close:1002:', 'close:1002:an unknown opcode'] },
    'ws: an unknown control opcode': { 0: ['close:1002:', 'close:1002:an unknown opcode'] },
    'ws: a continuation of nothing': { 0: ['close:1002:', 'close:1002:a continuation of no message'] },
    'ws: a text between fragments': { 0: ['close:1002:', 'close:1002:a new message inside of a fragmented one'] },
    'ws: a ping in fragments': { 0: ['close:1002:', 'close:1002:a control frame must not be fragmented'] },
    'ws: a ping that is too long': { 0: ['close:1002:', 'close:1002:a control frame is longer than 125 octets'] },
    'ws: text that is no UTF-8': { 0: ['close:1007:', 'close:1007:a text message that is not UTF-8'] },
    'ws: a goodbye with 999': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye with 1004': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye with 1005': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye with 1006': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye with 1016': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye with 2999': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye with 5000': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye of one octet': { 0: ['close:1002:', 'close:1002:a close frame without a valid code'] },
    'ws: a goodbye whose reason is no UTF-8': { 0: ['close:1007:', 'close:1007:a close reason that is not UTF-8'] },
  }),
  ...because('A length with its highest bit set is against RFC 6455 5.2, not merely too long.', {
    'ws: a size of 2^63': { 0: ['close:1009:', 'close:1002:a frame\'s length has its highest bit set'] },
  }),
  ...because('A connection ends with the code 1000; Node echoes the code of the client, or gives none.', {
    'ws: what is no packet': { 0: ['close:none:', 'close:1000:'] },
    'ws: an unknown packet type': { 0: ['close:none:', 'close:1000:'] },
    'ws: an empty text': { 0: ['close:none:', 'close:1000:'] },
    'eio3: what is no packet over ws': { 0: ['close:none:', 'close:1000:'] },
    'eio3: a goodbye over ws': { 0: ['close:none:', 'close:1000:'] },
    'ws: a goodbye with 1001': { 0: ['close:1001:', 'close:1000:'] },
    'ws: a goodbye with 3000': { 0: ['close:3000:my reason', 'close:1000:'] },
    'ws: a goodbye with 4999': { 0: ['close:4999:ż', 'close:1000:'] },
    'ws: a goodbye with no code': { 0: ['close:none:', 'close:1000:'] },
    'upgrade: no packet instead of the probe': { 'socket.0': ['close:none:', 'close:1000:'] },
    'upgrade: a goodbye afterwards': { 'socket.0': ['close:none:', 'close:1000:'] },
  }),
  ...because('A close packet over a WebSocket closes it at once; Node waits for the ping to go unanswered (W21).', {
    'ws: a close packet (W21)': { 0: ['nothing', 'close:none:'], 1: [undefined, 'end'] },
  }),
  ...because('What comes in the same breath as the opening handshake is heard; Node loses it.', {
    'ws: a message that comes with the request': { 1: ['nothing', '40{"sid":"<id>"}'], 2: [undefined, '42["auth",{}]'] },
  }),
  ...because('A request without an upgrade on a WebSocket session is refused; Node leaves it without an answer.', {
    'ws: a plain request for a WebSocket session': {
      '': ['nothing', undefined], body: [undefined, '{"code":3,"message":"Bad request"}'],
      'headers.access-control-allow-origin': [undefined, '*'], 'headers.content-type': [undefined, 'application/json'],
      persistent: [undefined, true], reason: [undefined, 'Bad Request'], status: [undefined, 400],
    },
  }),
  ...because('A session on a WebSocket has no need of another; Node holds the second until its probe is late.', {
    'ws: a second WebSocket for a WebSocket session': {
      'second.0': ['nothing', 'close:none:'], 'second.1': [undefined, 'end'],
    },
  }),
  ...because('An upgrade takes its probe first, as the protocol page says; Node does without.', {
    'upgrade: an upgrade instead of the probe': {
      alive: ['400 {"code":3,"message":"Bad request"}', '200 ok'], 'socket.0': ['nothing', 'close:none:'],
      'socket.1': [undefined, 'end'],
    },
  }),
  ...because('Boost.JSON reads a number of more than 64 bits to within one unit in its last place.', {
    'packet: decimals at the ends of the range': {
      0: [
        '42["message-back",1.7976931348623157e+308,2.2250738585072014e-308,5e-324,4.35,9.007199254740994e+22]',
        '42["message-back",1.7976931348623157e+308,2.2250738585072014e-308,5e-324,4.35,9.007199254740992e+22]',
      ],
    },
    'packet: a whole number beyond 2^64': {
      0: ['42["message-back",123456789012345680000]', '42["message-back",123456789012345670000]'],
    },
  }),
  ...because('Half a surrogate pair is no character, and UTF-8 cannot hold it.', {
    'packet: half a surrogate pair': { 0: ['42["message-back","\\ud800"]', '42["message-back","�"]'] },
  }),
  ...because('The id of an acknowledgement has 64 bits; beyond, it is no id.', {
    'packet: an id beyond 2^64': { 0: ['43123456789012345680000[1]', 'close:none:'], 1: ['42["message-back","fence"]', 'end'] },
  }),
  ...because('A CONNECT is done with before the next packet is read; Node closes when both come in one packet of TCP.', {
    'connect: to a namespace with an event right behind': {
      0: ['close:none:', '40{"sid":"<id>"}'], 1: ['end', '42["auth",{}]'], 2: [undefined, '42["message-back","early"]'],
    },
    'packet: several in one body of polling': {
      0: ['6', '40{"sid":"<id>"}'], 1: ['1', '42["auth",{}]'],
      2: ['400 {"code":1,"message":"Session ID unknown"}', '42["message-back",1]'], 3: [undefined, '431[2]'],
      4: [undefined, '42["message-back","fence"]'],
    },
  }),
  ...because('An event or acknowledgement that lacks its payload or its id breaks the protocol; Node ignores it.', {
    'packet: an event without a payload': { ...CLOSED },
    'packet: an acknowledgement without an id': { ...CLOSED },
    'packet: an acknowledgement without a payload': { ...CLOSED },
    'packet: a binary acknowledgement without an id': { ...CLOSED },
  }),
  ...because('JSON nests 32 deep at most, so that no client takes the stack of the server.', {
    'packet: a nest of forty': {
      'frames.0': [
        '42["message-back",[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]',
        'close:none:',
      ],
      'frames.1': ['nothing', 'end'], heard: ['nothing', '42["gone","<id>","forced close"]'],
    },
  }),
  ...because('Octets go back as they came, numbered as the client numbered them; Node numbers them anew.', {
    'packet: attachments named out of order': {
      0: [
        '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
        '452-["message-back",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
      ],
      1: ['bytes:0405', 'bytes:010203'], 2: ['bytes:010203', 'bytes:0405'],
    },
    'packet: an attachment named twice': {
      0: [
        '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
        '451-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]',
      ],
      2: ['bytes:010203', '42["message-back","fence"]'], 3: ['42["message-back","fence"]', undefined],
    },
    'packet: an attachment that is not named': {
      0: ['42["message-back","nothing"]', '451-["message-back","nothing"]'], 1: ['42["message-back","fence"]', 'bytes:010203'],
      2: [undefined, '42["message-back","fence"]'],
    },
    'packet: a placeholder with more to it': {
      0: ['451-["message-back",{"_placeholder":true,"num":0}]', '451-["message-back",{"_placeholder":true,"num":0,"more":1}]'],
    },
  }),
].sort((a, b) => (a.field < b.field ? -1 : 1));
