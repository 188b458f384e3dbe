import { checkCitizenId, InvalidValue, type KeyRing, personDigest, type RelationSubjectPort } from '@tongchou/kernel'
import { masked } from './mask.ts'

/** Kind of subject: a natural person (自然人), told by the citizen number. */
export const personKind = 'person'

/**
 * Persons as what citizens are related to (本人). There is no register of them: whoever has a valid number can be one, whether or not a record is about
 * them, so granting tells nobody whose records there are. The id is what stands for the number in the log of looks; the name shows a part of the number.
 */
export function personSubject(keys: Pick<KeyRing, 'digest'>): RelationSubjectPort & Required<Pick<RelationSubjectPort, 'identified'>> {
  return {
    kind: personKind,
    nameOf: async () => undefined,
    obstacle: async () => undefined,
    identified: (identifier, now) => {
      const checked = checkCitizenId(identifier, now)
      if (!checked.ok)
        throw new InvalidValue('libraries.bad_identifier', '公民身份号码不合规则，请对照证件核对。', [
          { path: 'identifier', message: `${checked.problem.message}，${checked.problem.cure}` },
        ])
      const { value } = checked.value
      return { id: personDigest(keys, value), name: `公民身份号码${masked(value, 'middle')}` }
    },
  }
}
