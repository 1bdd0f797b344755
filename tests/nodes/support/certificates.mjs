// Certificates of a test's own, made by the openssl program: an authority, and what it vouches for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Authority {
  constructor(name = 'authority') {
    this.directory = mkdtempSync(join(tmpdir(), 'atrium-certificates-'));
    ({ cert: this.file, key: this.key } = this.#make(name, []));
  }

  /** Its files, for `hosts` as in "DNS:localhost,IP:127.0.0.1". */
  certificate(name, hosts) {
    return this.#make(name, ['-CA', this.file, '-CAkey', this.key, '-addext', `subjectAltName=${hosts}`]);
  }

  #make(name, words) {
    const [cert, key] = [join(this.directory, `${name}.pem`), join(this.directory, `${name}.key`)];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', `/CN=${name}`, '-keyout', key, '-out', cert, ...words], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl: ${made.error ?? made.stderr}`);
    return { cert, key };
  }

  forget() { rmSync(this.directory, { recursive: true, force: true }); }
}
