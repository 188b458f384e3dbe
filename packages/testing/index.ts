export { codeShown } from './authenticator.ts'
export { type LaunchedBrowser, launchBrowser } from './browser.ts'
export { allMigrations, databaseAlone, type TestDatabase, type TestServer, testDatabase } from './database.ts'
export { selfSigned } from './self-signed.ts'
