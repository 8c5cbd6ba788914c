# The Node that npm brings in package-lock.json, on Debian: better-sqlite3 has its binaries for glibc inside.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without install scripts: nothing that is built here or runs below needs one.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json nest-cli.json ormconfig.ts ./
COPY libs libs
COPY src src
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# TypeScript comes along as an optional peer of @nestjs/swagger; only its plugin for the compiler uses it.
RUN npm ci --omit=dev --ignore-scripts && rm -r node_modules/typescript && npm cache clean --force

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    SERVER_HOST=0.0.0.0 \
    SERVER_PORT=8080 \
    TASK_MANAGER_PORT=8084 \
    DATABASE_URL=sqlite:////data/tasks.db
WORKDIR /app
# The one place that is written to; everything else may be read-only.
RUN mkdir /data && chown node:node /data && chmod 700 /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY bin bin
COPY deploy/docker/is-ready.mjs deploy/docker/is-ready.mjs
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8080 8084
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "deploy/docker/is-ready.mjs"]
ENTRYPOINT ["node", "bin/task-orchestrator.js"]
CMD ["serve"]
