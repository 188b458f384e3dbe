// SPDX-License-Identifier: Apache-2.0
import type { ModuleRoute } from '@tongchou/ui'

// Each module names its pages in web/routes.tsx; the file is small, the pages behind it load when they are opened.
const found = import.meta.glob<readonly ModuleRoute[]>('../../../modules/*/web/routes.tsx', { eager: true, import: 'routes' })

/** Every page of every module. A module takes part as soon as its `web/routes.tsx` exists. */
export const moduleRoutes: readonly ModuleRoute[] = Object.values(found).flat()
