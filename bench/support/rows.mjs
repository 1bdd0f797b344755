// What is measured. `load` are the words that the generator gets; `figure` makes one number of what it answers.

const perDelivery = ({ cpuUs, deliveries }) => cpuUs / deliveries;

export const rows = [
  {
    id: 'one-room',
    title: 'typing relay, 1 room of 1 000, 4 events in flight',
    unit: 'us of server CPU per delivery',
    sockets: 1000,
    load: ['relay', 'typing', 1, 4],
    figure: perDelivery,
    target: { times: 1.15, of: 'floor-turn' },
  },
  {
    id: 'one-room-single',
    title: 'typing relay, 1 room of 1 000, 1 event in flight',
    unit: 'us of server CPU per delivery',
    sockets: 1000,
    load: ['relay', 'typing', 1, 1],
    figure: perDelivery,
    target: { times: 1.15, of: 'floor-each' },
  },
  {
    id: 'small-rooms',
    title: 'typing relay, 100 rooms of 10, 2 events in flight',
    unit: 'us of server CPU per delivery',
    sockets: 1000,
    load: ['relay', 'typing', 100, 2],
    figure: perDelivery,
    target: { times: 1.25, of: 'floor-each' },
  },
  {
    id: 'messages',
    title: 'message:send, 20 rooms of 10, 20 in flight (Atrium commits to SQLite first)',
    unit: 'us of server CPU per delivery',
    sockets: 200,
    load: ['relay', 'message', 20, 20],
    onDisk: true,
    figure: perDelivery,
    target: { times: 1.5, of: 'floor-each' }, // and a p99 no higher than Node's
  },
  {
    id: 'connect',
    title: 'connect, authenticate, be welcomed and go, one after the other',
    unit: 'us of server CPU per connection',
    sockets: 50,
    load: ['connect'],
    figure: ({ cpuUs, connections }) => cpuUs / connections,
    target: { most: 100 },
  },
  {
    id: 'idle',
    title: 'idle authenticated connection in one channel, of 10 000 in 1 000 channels',
    unit: 'bytes of RSS',
    sockets: 10_100,
    load: ['idle', 1000],
    onDisk: true,
    figure: ({ rssBytes, connections }) => rssBytes / connections,
    target: { most: 2500 },
  },
  {
    id: 'crowd',
    title: '1 000 users connect, 32 at a time, and all see each other',
    unit: 's of server CPU',
    from: 'one-room', // its beginning
    without: ['floor-each', 'floor-turn'], // they tell nobody who is there
    figure: ({ enterCpuUs }) => enterCpuUs / 1e6,
    target: { most: 0.15 },
  },
  {
    id: 'crowd-frames',
    title: 'the same',
    unit: 'frames sent by the server',
    from: 'one-room',
    without: ['floor-each', 'floor-turn'],
    figure: ({ enterFrames }) => enterFrames,
    target: { most: 20_000 },
  },
];

/** What the targets name and this bench cannot run. */
export const notRun = [
  ['node+uws', 'uWebSockets.js is not in the npm registry'],
  ['two nodes over Redis (all rows)', 'this bench starts no Redis'],
  ['10 000 users connect at once', 'Node alone would need minutes a round'],
];
