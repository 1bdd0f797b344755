// Octets in events and acknowledgements (Socket.IO 5, "Packet encoding"); W26 of the notes on the wire.
import { breaking, connected, FENCE, say, talk, talking } from '../support/talk.mjs';

const ONE = Buffer.from([1, 2, 3]);
const TWO = Buffer.from([4, 5]);
const place = (num) => `{"_placeholder":true,"num":${num}}`;
const places = (count) => Array.from({ length: count }, (_, i) => place(i)).join();
const octets = (count) => Array.from({ length: count }, (_, i) => Buffer.from([i]));

export default [
  talking('one attachment', `51-["message",${place(0)}]`, ONE),
  talking('two attachments', `52-["message",${place(0)},${place(1)}]`, ONE, TWO),
  talking('attachments deep inside', `52-["message",{"a":[${place(0)},{"b":${place(1)}}]}]`, ONE, TWO),
  talking('attachments named out of order', `52-["message",${place(1)},${place(0)}]`, ONE, TWO),
  talking('an attachment named twice', `51-["message",${place(0)},${place(0)}]`, ONE),
  talking('an attachment that is not named', '51-["message","nothing"]', ONE),
  talking('an empty attachment', `51-["message",${place(0)}]`, Buffer.alloc(0)),
  talking('a big attachment', `51-["message",${place(0)}]`, Buffer.alloc(200_000, 7)),
  talking('ten attachments', `510-["message",${places(10)}]`, ...octets(10)),
  talking('an acknowledgement with octets', `52-789["message-with-ack",${place(0)},${place(1)}]`, ONE, TWO),
  talking('two events with octets', `51-["message",${place(0)}]`, ONE, `51-["message",${place(0)}]`, TWO),
  talking('a placeholder with more to it', '51-["message",{"_placeholder":true,"num":0,"more":1}]', ONE),
  {
    name: 'packet: octets over polling',
    server: 'strict',
    run: async (peer) => {
      const session = await peer.polling();
      await session.post('40');
      await session.until((packet) => packet.startsWith('42["auth"'));
      await session.post(`452-["message",${place(0)},${place(1)}]\x1ebAQID\x1ebBAU=\x1e42["message","fence"]`);
      return session.until((packet) => packet === FENCE);
    },
  },
  {
    name: 'packet: octets that come with a later body',
    server: 'strict',
    run: async (peer) => {
      const session = await peer.polling();
      await session.post('40');
      await session.until((packet) => packet.startsWith('42["auth"'));
      await session.post(`451-["message",${place(0)}]`);
      await session.post('bAQID\x1e42["message","fence"]');
      return session.until((packet) => packet === FENCE);
    },
  },
  {
    name: 'packet: a question with octets, answered with octets',
    server: 'strict',
    run: async (peer) => {
      const socket = await connected(peer);
      say(socket, `51-["ask-me",${place(0)}]`);
      say(socket, ONE);
      const [question, attachment] = await socket.take(2);
      const id = /^451-(\d+)/.exec(question)?.[1];
      const after = await talk(socket, `61-${id}[${place(0)}]`, TWO);
      return { question: question.replace(`-${id}`, '-<n>'), attachment, after };
    },
  },

  breaking('eleven attachments', `511-["message",${places(11)}]`, ...octets(11)),
  breaking('a hundred million attachments', `5100000000-["message",${place(0)}]`, ONE),
  breaking('no attachment announced', '50-["message","x"]'),
  breaking('a binary event without a count', `5["message",${place(0)}]`, ONE),
  breaking('a count without its dash', `51["message",${place(0)}]`, ONE),
  breaking('a count that is none', `5x-["message",${place(0)}]`, ONE),
  breaking('a negative count', `5-1-["message",${place(0)}]`, ONE),
  breaking('a placeholder out of range', `51-["message",${place(1)}]`, ONE),
  breaking('a placeholder with a negative number', `51-["message",${place(-1)}]`, ONE),
  breaking('a placeholder with a text as number', '51-["message",{"_placeholder":true,"num":"0"}]', ONE),
  breaking('text where octets are due', `51-["message",${place(0)}]`, '2["message","x"]'),
  breaking('octets with a reserved name', `51-["disconnect",${place(0)}]`, ONE),
  breaking('octets with an object as payload', `51-{"a":${place(0)}}`, ONE),
  breaking('a binary acknowledgement without an id', `61-[${place(0)}]`, ONE),
  {
    name: 'packet: one attachment too many',
    server: 'strict',
    run: async (peer) => {
      const socket = await connected(peer);
      say(socket, `51-["message",${place(0)}]`);
      say(socket, ONE);
      const echo = await socket.take(2);
      say(socket, TWO);
      return { echo, after: await socket.rest() };
    },
  },
];
