/**
 * What a read thread runs: it reads the embedded file that `workerData` names, one statement after the other. Plain
 * JavaScript, because a thread loads it as it is, whether or not the program was built.
 */
const { parentPort, workerData } = require('node:worker_threads');
const Driver = require('libsql');

let connection = null;

function open() {
  const opened = new Driver(workerData, { timeout: 5000 });
  opened.pragma('cache_size = -65536');
  opened.pragma('query_only = ON');
  return opened;
}

function read({ sql, parameters }) {
  try {
    connection ??= open();
    const statement = connection.prepare(sql);
    statement.raw(true);
    return { names: statement.columns().map(({ name }) => name), rows: statement.all(...parameters) };
  } catch ({ message, code }) {
    // A copy of the error would have no code.
    return { error: { message, code } };
  }
}

parentPort.on('message', statement => parentPort.postMessage(read(statement)));
