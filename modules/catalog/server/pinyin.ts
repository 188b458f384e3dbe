/** The syllables of 拼音 without tones, as they are typed: ü is v. */
const syllables = new Set(
  (
    'a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha chai ' +
    'chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo ' +
    'da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan ' +
    'fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han ' +
    'hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju ' +
    'juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei ' +
    'leng li lia lian liang liao lie lin ling liu lo long lou lu luan lue lun luo lv lve ma mai man mang mao me mei men meng ' +
    'mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou ' +
    'nu nuan nue nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao ' +
    'qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao ' +
    'se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou ' +
    'su suan sui sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang ' +
    'wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong ' +
    'you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu ' +
    'zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo'
  ).split(' '),
)
const LONGEST = 6
/** Letters that begin a syllable. */
const INITIAL = /^[a-hj-tw-z]$/
/** So many ways to part what is typed are looked for; the longest syllables come first. */
const MOST_WAYS = 24

/** Whether a word may be 拼音: letters alone, two or more. */
export function maybePinyin(word: string): boolean {
  return /^[a-z]{2,40}$/.test(word)
}

/**
 * The ways to read a word as syllables and first letters, in any mixture: `dibao` as di-bao, `db` as d-b, `dbjiating` as d-b-jia-ting. The last part may
 * be the beginning of a syllable (`diba`).
 */
export function pinyinWays(word: string): string[][] {
  const ways: string[][] = []
  const go = (at: number, parts: readonly string[]): void => {
    if (ways.length >= MOST_WAYS) return
    if (at === word.length) {
      ways.push([...parts])
      return
    }
    for (let length = Math.min(LONGEST, word.length - at); length >= 1; length--) {
      const part = word.slice(at, at + length)
      const isLast = at + length === word.length
      if (syllables.has(part) || (length === 1 && INITIAL.test(part)) || (isLast && length > 1 && beginsSyllable(part)))
        go(at + length, [...parts, part])
    }
  }
  go(0, [])
  return ways
}

const beginnings = new Set([...syllables].flatMap((syllable) => Array.from(syllable, (_, at) => syllable.slice(0, at + 1))))
const beginsSyllable = (part: string) => beginnings.has(part)

/** The same as a query of PostgreSQL over the vectors of `catalog.pinyin_vector`; undefined where the word cannot be read so. */
export function pinyinQuery(word: string): string | undefined {
  if (!maybePinyin(word)) return undefined
  const ways = pinyinWays(word).map((parts) =>
    parts
      .map((part, at) =>
        part.length === 1 && at < parts.length - 1 ? formOf(part) : at === parts.length - 1 ? lastForm(part) : `'${part}'`,
      )
      .join(' <-> '),
  )
  return ways.length === 0 ? undefined : [...new Set(ways)].map((way) => `(${way})`).join(' | ')
}

/** One letter is a first letter; `a`, `e`, `o` are syllables as well, and begin with themselves. */
const formOf = (letter: string) => `'_${letter}'`
const lastForm = (part: string) => (part.length === 1 ? formOf(part) : `'${part}':*`)

/** The part of a text that a word reads, as it stands there; undefined where none does. */
export function readIn(text: string, word: string, readings: ReadonlyMap<string, readonly string[]>): string | undefined {
  if (!maybePinyin(word)) return undefined
  const characters = [...text]
  for (const parts of pinyinWays(word))
    for (let at = 0; at + parts.length <= characters.length; at++)
      if (parts.every((part, index) => reads(part, readings.get(characters[at + index] ?? ''), index === parts.length - 1)))
        return characters.slice(at, at + parts.length).join('')
  return undefined
}

function reads(part: string, known: readonly string[] | undefined, isLast: boolean): boolean {
  return known?.some((syllable) => syllable === part || ((part.length === 1 || isLast) && syllable.startsWith(part))) ?? false
}
