// Packets on a connection whose socket is in "/" (Socket.IO 5, "Packet encoding"); W24 to W28, W34 of the notes on the wire.
import { breaking, connected, FENCE, say, talk, talking } from '../support/talk.mjs';

export default [
  talking('an event', '2["message","hello"]'),
  talking('an event without arguments', '2["message"]'),
  talking('an event that nobody handles', '2["unheard",1]'),
  talking('every kind of JSON', '2["message",null,true,false,"",0,[],{},{"a":[{"b":null}]}]'),
  talking('numbers', '2["message",1,-1,0.5,-0.5,1e3,1.5e300,1e-7,123456789,9007199254740991]'),
  talking('decimals that need every digit',
    '2["message",0.1,0.30000000000000004,1.1,3.141592653589793,123456.789,2.718281828459045]'),
  talking('decimals at the ends of the range',
    '2["message",1.7976931348623157e308,2.2250738585072014e-308,5e-324,4.35,9.007199254740993e22]'),
  talking('times in milliseconds and seconds', '2["message",1700000000123,1700000000.123456,1.7e9]'),
  talking('a whole number beyond 2^53', '2["message",9007199254740993]'),
  talking('a whole number beyond 2^64', '2["message",123456789012345678901]'),
  talking('a number beyond all', '2["message",1e999]'),
  talking('minus nought', '2["message",-0]'),
  talking('escapes in a text', '2["message","\\u0041\\n\\"\\\\\\/\\u00e9\\ud83d\\udc22"]'),
  talking('half a surrogate pair', '2["message","\\ud800"]'),
  talking('line separators in a text', '2["message","\u2028\u2029"]'),
  talking('a NUL in a text', '2["message","a\\u0000b"]'),
  talking('white space in the JSON', '2[ "message" ,\t{ "a" : 1 }\n]'),
  talking('keys in their order', '2["message",{"z":1,"a":2,"m":3}]'),
  talking('a key twice', '2["message",{"a":1,"a":2}]'),
  talking('__proto__ as key', '2["message",{"__proto__":{"x":1}}]'),
  talking('a deep nest', `2["message",${'['.repeat(30)}${']'.repeat(30)}]`),
  talking('an event named by a number', '2[7,"x"]'),
  talking('an event with an empty name', '2["",1]'),
  talking('an event named like a method', '2["toString",1]'),
  talking('a placeholder in an event without octets', '2["message",{"_placeholder":true,"num":0}]'),
  talking('a big event', `2["message","${'x'.repeat(100_000)}"]`),

  talking('an acknowledgement', '217["message-with-ack","a",1]'),
  talking('an acknowledgement of nothing', '20["message-with-ack"]'),
  talking('two acknowledgements', '21["message-with-ack",1]', '22["message-with-ack",2]'),
  talking('the same id twice', '25["message-with-ack",1]', '25["message-with-ack",2]'),
  talking('an id with zeros in front', '2007["message-with-ack",1]'),
  talking('the greatest id of JavaScript', '29007199254740991["message-with-ack",1]'),
  talking('an id beyond 2^64', '2123456789012345678901["message-with-ack",1]'),
  talking('an acknowledgement that is given twice', '23["answer-twice"]'),
  talking('an event with an id that nobody handles', '23["unheard"]'),
  talking('an acknowledgement of no question', '3999["x"]'),
  {
    name: 'packet: a question of the server',
    server: 'strict',
    run: async (peer) => {
      const socket = await connected(peer);
      say(socket, '2["ask-me","what",{"a":1}]');
      const question = await socket.next();
      const id = /^42(\d+)/.exec(question)?.[1];
      return { question: question.replace(id, '<n>'), after: await talk(socket, `3${id}["that",{"b":2}]`) };
    },
  },
  {
    name: 'packet: an answer that is given twice',
    server: 'strict',
    run: async (peer) => {
      const socket = await connected(peer);
      say(socket, '2["ask-me"]');
      const id = /^42(\d+)/.exec(await socket.next())?.[1];
      return talk(socket, `3${id}["first"]`, `3${id}["second"]`);
    },
  },
  {
    name: 'packet: several in one body of polling',
    server: 'strict',
    run: async (peer) => {
      const session = await peer.polling();
      await session.post('40\x1e42["message",1]\x1e421["message-with-ack",2]\x1e42["message","fence"]');
      return session.until((packet) => packet === FENCE);
    },
  },
  {
    name: 'packet: a burst',
    server: 'strict',
    run: async (peer) => talk(await connected(peer), '2["burst",50]'),
  },
  {
    name: 'packet: a burst over polling',
    server: 'strict',
    run: async (peer) => {
      const session = await peer.polling();
      await session.post('40');
      await session.until((packet) => packet.startsWith('42["auth"'));
      await session.post('42["burst",20]\x1e42["message","fence"]');
      return session.until((packet) => packet === FENCE);
    },
  },
  talking('a big answer', '2["big",300000]'),

  breaking('an unknown type', '7["message"]'),
  breaking('no type', ''),
  breaking('no packet', 'abc'),
  breaking('an event without a payload', '2'),
  breaking('an event whose payload is an object', '2{}'),
  breaking('an event whose payload is a text', '2"message"'),
  breaking('an event whose payload is empty', '2[]'),
  breaking('an event named by null', '2[null]'),
  breaking('an event named by an object', '2[{}]'),
  breaking('an event named by true', '2[true,1]'),
  breaking('JSON that breaks off', '2["message",'),
  breaking('JSON with something behind it', '2["message"]x'),
  breaking('JSON of another dialect', '2["message",NaN]'),
  breaking('JSON with a comma too many', '2["message",]'),
  breaking('a control character in a text', '2["message","a\tb"]'),
  breaking('an id that is none', '2abc["message-with-ack",1]'),
  breaking('a nest of forty', `2["message",${'['.repeat(39)}${']'.repeat(39)}]`),
  ...['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']
    .map((name) => breaking(`an event with the reserved name ${name}`, `2["${name}",1]`)),
  breaking('an acknowledgement without an id', '3["x"]'),
  breaking('an acknowledgement whose payload is an object', '31{}'),
  breaking('an acknowledgement without a payload', '31'),
  breaking('a CONNECT_ERROR of the client', '4{"message":"x"}'),
  breaking('a second CONNECT', '0'),
  breaking('an event for a namespace that was not joined', '2/custom,["message"]'),
  breaking('an event for a namespace that there is not', '2/nope,["message"]'),
  breaking('an acknowledgement for a namespace that was not joined', '3/custom,1["x"]'),
  breaking('octets that nobody announced', Buffer.from([1, 2, 3])),
];
