FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json nest-cli.json ormconfig.ts ./
COPY libs libs
COPY src src
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force

FROM node:24-slim
ENV NODE_ENV=production \
    SERVER_HOST=0.0.0.0 \
    DATABASE_URL=sqlite:////data/tasks.db
WORKDIR /app
RUN mkdir /data && chown node:node /data && chmod 700 /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY bin bin
USER node
VOLUME /data
EXPOSE 8080 8084
ENTRYPOINT ["node", "bin/task-orchestrator.js"]
CMD ["serve"]
