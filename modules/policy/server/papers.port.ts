import { NotFound, type PapersPort } from '@tongchou/kernel'
import type { PackLibrary } from './pack-library.ts'
import { readableVersion } from './policy.service.ts'

/** Papers (文书) as the measure that a city is governed by has them. */
export function papersPort(library: PackLibrary, packId: string): PapersPort {
  return {
    paper(id, on) {
      const pack = readableVersion(library, packId, on)
      const paper = pack.papers.find((one) => one.id === id)
      if (!paper) throw new NotFound('paper.not_found', `“${pack.title}”中没有文书“${id}”。`)
      return paper
    },
  }
}
