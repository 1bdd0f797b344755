// What a server says of itself in its documents, held against what it says to the tests: every answer by HTTP, every event
// and every acknowledgement. The documents let members come that they do not name; here such a member is a breach, so that
// nothing is said that is not documented.
import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import Ajv from 'ajv/dist/2020.js';
import { soon } from './waiting.mjs';

const PROBLEM = { $ref: '#/components/schemas/ProblemDetails' };

function load(url) {
  const { get } = url.startsWith('https:') ? https : http;
  return soon(new Promise((done, fail) => {
    get(url, { agent: false, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more) => { text += more; }).on('error', fail);
      response.on('end', () => (response.statusCode === 200 ? done(text) : fail(new Error(`${url}: ${response.statusCode}`))));
    }).on('error', fail);
  }), `no ${url}`);
}

/** A schema whose structs take no member that they do not name. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const made = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return schema.type === 'object' && schema.properties ? { ...made, additionalProperties: false } : made;
}

/** Schemas of one document: `check(schema, value)` tells what is wrong with the value, or nothing. */
export class Schemas {
  #ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  #validators = new Map();

  constructor(document) {
    this.#ajv.addSchema({ $id: 'document', $defs: this.#place(document.components.schemas) });
  }

  #place(schema) {
    return JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/components/schemas/', '"document#/$defs/'));
  }

  check(schema, value) {
    if (!this.#validators.has(schema)) this.#validators.set(schema, this.#ajv.compile(this.#place(schema)));
    const validate = this.#validators.get(schema);
    return validate(value) ? undefined : this.#ajv.errorsText(validate.errors);
  }
}

const mediaTypeOf = (headers) => (headers['content-type'] ?? '').split(';')[0];

/** The documents of one kind of server, made ready for use. */
class Documents {
  constructor(openapi, asyncapi) {
    this.openapi = JSON.parse(openapi);
    this.asyncapi = JSON.parse(asyncapi);
    this.http = new Schemas(this.openapi);
    this.socket = new Schemas(this.asyncapi);
    this.routes = Object.entries(this.openapi.paths).flatMap(([path, methods]) => Object.entries(methods).map(
      ([method, operation]) => ({ method: method.toUpperCase(), segments: path.split('/'), operation })));
    this.events = { send: new Map(), acknowledge: new Map() };
    for (const [key, { name, payload }] of Object.entries(this.asyncapi.components.messages)) {
      const events = this.events[key.split('.')[0]];
      events?.set(name, [...(events.get(name) ?? []), payload]);
    }
  }

  /** The operation that answers; a path without :names goes before one with them. */
  operation(method, path) {
    const plain = path.split('?')[0].replace(/^\/api\/v1(?=\/)/, '').replace(/(?<=.)\/$/, '');
    const segments = plain.split('/');
    const isName = (segment) => segment.startsWith('{');
    const fits = (route) => route.method === method && route.segments.length === segments.length &&
      route.segments.every((segment, i) => (isName(segment) ? segments[i] !== '' : segment === segments[i]));
    const names = (route) => route.segments.filter(isName).length;
    return this.routes.filter(fits).sort((a, b) => names(a) - names(b))[0]?.operation;
  }

  breachOfAnswer(method, path, { status, headers, json, text }) {
    if (/^\/ws\b/.test(path) || ['HEAD', 'OPTIONS'].includes(method)) return undefined;
    const media = mediaTypeOf(headers);
    const operation = this.operation(method, path);
    // The page, and what has no route, which only a problem tells.
    if (!operation) {
      if (media === 'application/problem+json') return this.http.check(PROBLEM, json);
      return media === 'application/json' ? `${method} ${path} is not documented` : undefined;
    }
    const response = operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined);
    if (!response) return `the status ${status} is not documented`;
    if (!response.content) return text === '' ? undefined : 'there is a body where none is documented';
    const content = response.content[media];
    if (!content) return `the media type '${media}' is not documented for ${status}`;
    return media.endsWith('json') ? this.http.check(content.schema, json) : undefined;
  }

  breachOfEvent(kind, event, args) {
    const payloads = this.events[kind].get(event);
    if (!payloads) return 'it is not documented';
    if (args.length !== 1) return `it has ${args.length} arguments`;
    const breaches = payloads.map((payload) => this.socket.check(payload, args[0]));
    return breaches.includes(undefined) ? undefined : breaches.join('; or ');
  }
}

/** Whether one server keeps to its documents; remembers each breach. */
export class Contract {
  constructor(documents, breaches = []) { Object.assign(this, { documents, breaches }); }

  /** What is wrong with an answer; nothing when it is as documented. */
  breachOfAnswer(method, path, answer) {
    const breach = this.documents.breachOfAnswer(method, path, answer);
    return breach && `${method} ${path} is answered with what is not in openapi.json: ${breach}\n${answer.status} ${answer.text}`;
  }

  hear(event, args) { this.#hear('send', event, args); }
  hearAcknowledgement(event, args) { this.#hear('acknowledge', event, args); }

  #hear(kind, event, args) {
    const breach = this.documents.breachOfEvent(kind, event, args);
    const what = kind === 'send' ? 'event' : 'acknowledgement of';
    if (breach) this.breaches.push(`the ${what} ${event} is not as in asyncapi.json: ${breach}\n  ${JSON.stringify(args)}`);
  }

  assertKept() { assert.deepEqual(this.breaches, [], 'the server says what its documents do not know'); }
}

const known = new Map();

/** The contract of the server at `url`, by the documents that it gives; `before` is its own of an earlier start. */
export async function contractOf(url, before) {
  const texts = [await load(`${url}/openapi.json`), await load(`${url}/asyncapi.json`)];
  const key = texts.join('\n');
  if (!known.has(key)) known.set(key, new Documents(...texts));
  return new Contract(known.get(key), before?.breaches);
}
