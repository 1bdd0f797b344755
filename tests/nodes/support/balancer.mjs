// nginx or HAProxy with the very files of deploy/, in front of nodes of a test, on a free port.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from '../../e2e/support/http.mjs';
import { temporaryDirectory } from '../../e2e/support/server.mjs';
import { within } from '../../e2e/support/waiting.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const DEPLOY = resolve(here, '../../../deploy');

const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };  // where Debian has both
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGTERM'); });  // by which nginx ends its workers too

/** Why there can be no test with this one; false when it is here. */
export function missing(kind) {
  const { error } = spawnSync(kind, ['-v'], { env: environment });
  return error ? `${kind.toUpperCase()} IS NOT INSTALLED, SO NOTHING OF IT IS TESTED: scripts/setup --test installs it` : false;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The file with each old text replaced by the new one: an old one that is not there is an error of the test. */
function fill(path, replacements) {
  let text = readFileSync(path, 'utf8');
  for (const [old, fresh] of replacements) {
    if (!text.includes(old)) throw new Error(`${path} has no ${old}`);
    text = text.replace(old, fresh);
  }
  writeFileSync(path, text);
}

export class Balancer {
  /** `kind`: nginx or haproxy; `form`: sticky or websocket; `ports`: those of the two nodes, of nginx of any number from two on. */
  static async start(kind, form, ports) {
    const balancer = new Balancer();
    Object.assign(balancer, { kind, form, ports, directory: temporaryDirectory('atrium-balancer-') });
    // Somebody else may take the port in the meantime.
    for (let attempt = 0; ; attempt += 1) {
      balancer.port = await freePort();
      try {
        await balancer.#begin();
        return balancer;
      } catch (error) {
        await balancer.stop();
        if (attempt === 4) throw error;
      }
    }
  }

  get url() { return `http://127.0.0.1:${this.port}`; }

  #command() {
    const [listen, ...nodes] = [this.port, ...this.ports].map((port) => `127.0.0.1:${port}`);
    if (this.kind === 'haproxy') {
      const words = ['-db', '-f', join(DEPLOY, 'haproxy/atrium.cfg'), '-f', join(DEPLOY, `haproxy/${this.form}.cfg`)];
      return [words, { ATRIUM_LISTEN: listen, ATRIUM_NODE_1: nodes[0], ATRIUM_NODE_2: nodes[1] }];
    }
    rmSync(this.directory, { recursive: true, force: true });
    cpSync(join(DEPLOY, 'nginx/atrium'), join(this.directory, 'atrium'), { recursive: true });
    cpSync(join(DEPLOY, 'two-nodes/nginx.conf'), join(this.directory, 'nginx.conf'));
    fill(join(this.directory, 'atrium/listen.conf'), [['listen 80;', `listen ${listen};`]]);
    const list = join(this.directory, 'atrium/nodes.conf');
    fill(list, [['127.0.0.1:3001', nodes[0]], ['127.0.0.1:3002', nodes[1]]]);
    const line = readFileSync(list, 'utf8').split('\n').find((text) => text.includes(nodes[1]));
    for (const node of nodes.slice(2)) appendFileSync(list, `${line.replace(nodes[1], node)}\n`);
    symlinkSync(`${this.form}.conf`, join(this.directory, 'atrium/site-enabled.conf'));
    return [['-p', this.directory, '-c', 'nginx.conf'], {}];
  }

  async #begin() {
    const [words, more] = this.#command();
    this.child = spawn(this.kind, words, { env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    this.said = '';
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => { this.said += text; });
    }
    let over = false;
    this.ended = new Promise((done) => this.child.once('close', () => {
      running.delete(this.child);
      over = true;
      done();
    }));
    const answers = async () => {
      while (!over) {
        try {
          return await request(this, '/readyz');
        } catch {
          await new Promise((done) => setTimeout(done, 20));
        }
      }
      throw new Error(`${this.kind} ended: ${this.said}`);
    };
    await within(10_000, answers(), () => `${this.kind} does not answer: ${this.said}`);
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
