import { type Ctx, documentNumber, mustBeValid, type NumbersPort, recordAudit, todayInShanghai } from '@tongchou/kernel'
import { findNumber, insertNumber, nextSerial } from './document-number.store.ts'

/** Numbers of issued papers (发文字号): one counter per agency word and year, without gaps, one number per paper and subject. */
export const numbersPort: NumbersPort = {
  /** In the caller's transaction: what is not issued after all takes no number. */
  async issue(ctx, { paper, agencyWord, subject }) {
    const year = Number(todayInShanghai(ctx.now()).slice(0, 4))
    const serial = await nextSerial(ctx, agencyWord, year)
    const { text } = mustBeValid(documentNumber(agencyWord, year, serial))
    await insertNumber(ctx, { agencyWord, year, serial, paper, subject })
    await recordAudit(ctx, 'document.numbered', subject, { paper, number: text })
    return text
  },
  async numberOf(ctx: Ctx, paper, subject) {
    const row = await findNumber(ctx, paper, subject)
    return row === undefined ? null : mustBeValid(documentNumber(row.agency_word, row.year, row.serial)).text
  },
}
