import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Pack } from './pack.ts'
import { loadPack } from './pack-loader.ts'
import { collecting, PackLoadError, type PackProblem } from './pack-problem.ts'
import { loadVocabulary, type Vocabulary } from './vocabulary.ts'

/** Every pack of an installation (制度库), by id; a pack may have several versions in time. */
export interface PackLibrary {
  vocabulary: Vocabulary
  /** Id → versions, oldest first. */
  packs: ReadonlyMap<string, readonly Pack[]>
}

/** Loads all packs under `directory`, or throws a PackLoadError that names every mistake of every pack. */
export function loadPacks(directory: string): PackLibrary {
  const vocabulary = loadVocabulary(join(directory, 'vocabulary.yaml'))
  const problems: PackProblem[] = []
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const packs = new Map<string, Pack[]>()
  for (const { name } of folders.sort((a, b) => a.name.localeCompare(b.name, 'en'))) {
    const pack = collecting(problems, () => loadPack(join(directory, name), vocabulary))
    if (pack)
      packs.set(
        pack.id,
        [...(packs.get(pack.id) ?? []), pack].sort((a, b) => a.validFrom.localeCompare(b.validFrom)),
      )
  }
  for (const versions of packs.values()) problems.push(...overlaps(versions))
  if (problems.length > 0) throw new PackLoadError(problems)
  return { vocabulary, packs }
}

/** The version of a pack that can be asked on a civil date; undefined before the first and after the last. */
export function versionAt(versions: readonly Pack[], asOf: string): Pack | undefined {
  return versions.find((pack) => pack.validFrom <= asOf && (pack.validTo === null || asOf < pack.validTo))
}

function overlaps(versions: readonly Pack[]): PackProblem[] {
  return versions.flatMap((pack, index) => {
    const next = versions[index + 1]
    if (!next || (pack.validTo !== null && pack.validTo <= next.validFrom)) return []
    return [
      {
        file: `${next.folder}/pack.yaml`,
        path: 'validFrom',
        message: `与另一版本（${pack.validFrom} 起）的期间重叠`,
        cure: '填写前一版本的 validTo',
      },
    ]
  })
}

/** The procedures (办事流程) of a pack as parsed YAML, for the module that runs them. */
export function packProcedures(pack: Pack): unknown[] {
  return pack.procedures.map((procedure) => procedure.raw)
}
