import { createDataSource, loadSettings, parseDatabaseUrl } from '@task/infrastructure';

const cwd = process.cwd();
const { settings } = loadSettings({ env: process.env, cwd });

/**
 * The database that the service uses, for the command line of TypeORM:
 * `npm run build && npx typeorm migration:show -d dist/ormconfig.js`. On SQLite stop the service first.
 */
export const dataSource = createDataSource({
  url: parseDatabaseUrl(settings.databaseUrl, cwd),
  encryptionKey: settings.databaseEncryptionKey,
  maxConnections: settings.databaseMaxConnections,
  timeoutMs: settings.databaseTimeoutSeconds * 1000,
});
