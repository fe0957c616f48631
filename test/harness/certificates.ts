import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '../databases/commands';
import { currentTestRun } from '../databases/testRun';

/** The files of a certificate, in PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/**
 * Issues a certificate.
 *
 * @param authority the folder with `ca.pem` and `ca-key.pem`: MySQL makes both in its data folder.
 * @param names what the certificate is for, such as `DNS:localhost` or `IP:127.0.0.1`.
 */
export async function issueCertificate(authority: string, names: string): Promise<Certificate> {
  const folder = await mkdtemp(join(currentTestRun().folder, 'certificate-'));
  const [key, request, extensions, certificate] = ['key', 'request', 'extensions', 'certificate'].map(name =>
    join(folder, `${name}.pem`),
  ) as [string, string, string, string];
  await writeFile(extensions, `subjectAltName=${names}\n`);
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key];
  await runOrThrow('openssl', ['req', ...newKey, '-out', request, '-subj', '/CN=switchyard-test']);
  const signer = ['-CA', join(authority, 'ca.pem'), '-CAkey', join(authority, 'ca-key.pem')];
  const content = ['-in', request, '-extfile', extensions, '-set_serial', String(Date.now()), '-days', '2'];
  await runOrThrow('openssl', ['x509', '-req', ...content, ...signer, '-out', certificate]);
  return { certificate, key };
}
