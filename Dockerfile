# The image of every role; the command says which: `serve --role gateway`, `serve --role worker`.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY .swcrc tsconfig.json ./
COPY scripts/compile.mjs scripts/
COPY src src
COPY cli cli
COPY console console
COPY demo demo
RUN npm run build && npm ci --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist dist
RUN mkdir /data && chown node:node /data
USER node
# For the embedded database; with a DATABASE_URL of a server it stays empty.
ENV DATABASE_URL=file:/data/switchyard.db
VOLUME /data
EXPOSE 4200
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4200}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: it would stand between the process and the signal to stop.
ENTRYPOINT ["node", "dist/cli/switchyard.js"]
CMD ["serve"]
