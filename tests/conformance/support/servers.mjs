// The servers that exchanges are held with: which program, on which path, with which flags. `official` are flags that only
// the official server needs, because the program of ours always does what they say. A server of a feature that is pending
// is started without that feature on our side.
import { PENDING } from '../pending.mjs';

const slow = ['--ping-interval', '25000', '--ping-timeout', '20000'];
const fast = ['--ping-interval', '300', '--ping-timeout', '1000'];
const cors = ['--cors', '*'];
// Most exchanges with the engine have nothing to do with CORS, so they can be held before Atrium has it.
const corsOnceWeHaveIt = PENDING.features.includes('cors') ? [] : cors;

export const SERVERS = {
  engine: { program: 'engine_io', path: '/engine.io/', flags: slow, official: corsOnceWeHaveIt },
  beating: { program: 'engine_io', path: '/engine.io/', flags: fast, official: corsOnceWeHaveIt },
  open: { program: 'engine_io', path: '/engine.io/', flags: slow, official: cors },
  third: {
    program: 'engine_io', path: '/engine.io/', feature: 'eio3', flags: ['--allow-eio3', ...slow], official: corsOnceWeHaveIt,
  },
  strict: { program: 'conversation', path: '/socket.io/' },
  hasty: { program: 'conversation', path: '/socket.io/', flags: ['--connect-timeout', '300'] },
  credentials: { program: 'conversation', path: '/socket.io/', feature: 'cors', flags: ['--cors', 'http://page.example'] },
  cookie: { program: 'conversation', path: '/socket.io/', feature: 'cookie', flags: ['--cookie'] },
  version2: { program: 'conversation', path: '/socket.io/', feature: 'socketio2', flags: ['--allow-eio3'] },
};

/** The words for each side. */
export const officialFlags = ({ flags = [], official = [] }) => [...flags, ...official];
export const atriumFlags = ({ flags = [], feature }) => (PENDING.features.includes(feature) ? [] : flags);
