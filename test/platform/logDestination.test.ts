import { Writable } from 'node:stream';
import { createLogDestination } from '../../src/platform/logDestination';

/** A stream whose writes end as the test says. */
function streamOf(write: (chunk: string, done: (error?: Error) => void) => void): Writable {
  return new Writable({
    decodeStrings: false,
    autoDestroy: false,
    write: (chunk: string, _encoding, done) => write(chunk, done),
  });
}

const settled = () =>
  new Promise(resolve => {
    setImmediate(resolve);
  });

describe('the log destination', () => {
  it('writes lines in their order', async () => {
    const lines: string[] = [];
    const destination = createLogDestination(
      streamOf((chunk, done) => {
        lines.push(chunk);
        setImmediate(done);
      }),
    );
    destination.write('one\n');
    destination.write('two\n');
    await destination.flush(1000);
    expect(lines.filter(line => line !== '')).toEqual(['one\n', 'two\n']);
  });

  it('bounds the lines that wait for a reader that does not read, and does not wait for it to exit', async () => {
    const stream = streamOf(() => undefined);
    const destination = createLogDestination(stream);
    const line = 'x'.repeat(100_000);
    for (let count = 0; count < 200; count++) destination.write(line);
    expect(stream.writableLength).toBeLessThan(5_000_000);
    const start = performance.now();
    await destination.flush(50);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('reports how many lines were lost once its reader reads again', async () => {
    let read: (() => void) | undefined;
    const lines: string[] = [];
    const destination = createLogDestination(
      streamOf((chunk, done) => {
        lines.push(chunk);
        if (read === undefined) read = done;
        else done();
      }),
    );
    const line = `${'x'.repeat(1_000_000)}\n`;
    for (let count = 0; count < 10; count++) destination.write(line);
    read?.();
    await settled();
    const [report] = lines.filter(text => text !== line);
    expect(JSON.parse(report ?? '')).toMatchObject({ level: 'warn', lost: 10 - lines.length + 1 });
  });
});
