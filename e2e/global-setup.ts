import { builtWeb } from './web-build.ts'

/** Builds the pages before the first journey, once: journeys go side by side, and none may see a half-written page. */
export async function setup(): Promise<void> {
  await builtWeb()
}
