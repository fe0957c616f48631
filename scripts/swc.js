/** How TypeScript becomes JavaScript where it runs without a build: in tests and in scripts. */
module.exports = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
  swcrc: false,
};
