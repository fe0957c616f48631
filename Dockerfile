# The image of every role; the command line says which: `--role gateway`, `--role worker`.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/clean.js scripts/
COPY src src
COPY cli cli
COPY console console
RUN npm run build && npm ci --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules node_modules
COPY --from=build --chown=root:root /app/dist dist
USER node
EXPOSE 4200
# Not through npm: it would stand between the process and the signal to stop.
ENTRYPOINT ["node", "dist/src/main.js"]
