import { startMariadb, startMysql } from '../test/databases/server';
import { askVersion } from '../test/databases/sql';

void (async () => {
  const start = process.argv[2] === 'mariadb' ? startMariadb : startMysql;
  for (const durable of [false, true]) {
    console.time('start');
    const server = await start({ durable });
    console.timeEnd('start');
    console.log(server.url, server.version, await askVersion(server.url));
    console.time('kill');
    await server.kill();
    console.timeEnd('kill');
    console.time('restart');
    await server.restart();
    console.timeEnd('restart');
    console.time('restart2');
    await server.restart();
    console.timeEnd('restart2');
    console.time('stop');
    await server.stop();
    console.timeEnd('stop');
  }
  if (process.argv[3]) {
    await start();
    console.log('sleeping');
    setInterval(() => {}, 1000);
  }
})();
