import { supportOf } from '../../src/upstream/checkVersion';

describe('the version of a Prefect server', () => {
  it.each(['3.7.0', '3.8.8', '3.12.0'])('%s is fully supported', version => {
    expect(supportOf(version)).toEqual({ kind: 'full', version });
  });

  it.each(['3.4.0', '3.6.10', '3.5.0.dev1'])('%s can be read only, with the reason', version => {
    expect(supportOf(version)).toEqual({
      kind: 'readOnly',
      version,
      reason: expect.stringContaining('update it to 3.7 or newer'),
    });
  });

  it.each(['2.20.0', '3.3.9', '4.0.0'])('%s is not supported, with the reason', version => {
    expect(supportOf(version)).toEqual({
      kind: 'unsupported',
      version,
      reason: `The Prefect server is version ${version}; the gateway needs 3.7 or a newer 3.x`,
    });
  });
});
