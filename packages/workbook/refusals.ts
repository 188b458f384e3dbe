/** Where in a file something stands; rows and columns as the spreadsheet counts, from 1. */
export interface Place {
  sheet?: string
  row?: number
  column?: number
  /** Part of the archive, such as `xl/worksheets/sheet1.xml`. */
  part?: string
  /** Offset from the start of the file, from 0. */
  byte?: number
}

/** What a refusal speaks of beside its place: a limit, a name found in the file. */
export interface Detail {
  limit?: number
  found?: string
}

interface Words {
  /** 400 broken, 413 too much, 415 another kind of file, 422 readable but not usable, 429 busy. */
  status: 400 | 413 | 415 | 422 | 429
  says: (detail: Detail) => string
  cure: string
}

const resave = '请用 Excel 或 WPS 打开该文件，另存为“Excel 工作簿（.xlsx）”后重新上传。'
const rebuild = '请用 Excel 或 WPS 打开该文件，核对内容后另存为新的 .xlsx 文件，再重新上传。'
const split = '请删除无关内容，或者拆分为几个文件分别上传。'
const encodings = '请用 Excel 或 WPS 打开核对后，另存为 .xlsx 或者“CSV UTF-8（逗号分隔）”，再重新上传。'

const kind = (what: string, cure = resave): Words => ({ status: 415, says: () => what, cure })
const broken = (says: (detail: Detail) => string, cure = rebuild): Words => ({ status: 400, says, cure })
const tooMuch = (says: (limit: string) => string, cure = split): Words => ({
  status: 413,
  says: ({ limit = 0 }) => says(limit.toLocaleString('en-US')),
  cure,
})
const mebibytes = (says: (limit: string) => string, cure = split): Words => ({
  status: 413,
  says: ({ limit = 0 }) => says(`${Number((limit / 1024 / 1024).toFixed(1))} MB`),
  cure,
})
const unusable = (says: (detail: Detail) => string, cure: string): Words => ({ status: 422, says, cure })

/** Every way in which a file is refused: status, words, cure. Codes are stable; clients switch on them. */
export const refusals = {
  'table.old_excel': kind('文件是 Excel 97-2003 工作簿（.xls），不能导入'),
  'table.encrypted': kind(
    '文件设有打开密码或者已加密，无法读取',
    '请用 Excel 或 WPS 打开该文件，取消打开密码，另存为“Excel 工作簿（.xlsx）”后重新上传。',
  ),
  'table.wps_et': kind('文件是 WPS 表格（.et），不能导入', '请用 WPS 打开该文件，另存为“Excel 工作簿（.xlsx）”后重新上传。'),
  'table.ods': kind('文件是 OpenDocument 电子表格（.ods），不能导入'),
  'table.binary_workbook': kind('文件是 Excel 二进制工作簿（.xlsb），不能导入'),
  'table.macros': kind('文件是含宏的工作簿（.xlsm），不能导入'),
  'table.other_office': kind(
    '文件是文字处理或者演示文档，不是表格',
    '请将表格复制到 Excel 或 WPS 表格中，保存为“Excel 工作簿（.xlsx）”后上传。',
  ),
  'table.web_page': kind('文件名虽是表格，内容却是网页或者 XML 文本'),
  'table.not_workbook': kind('文件是压缩包，但不是 Excel 工作簿（.xlsx）', '请上传 .xlsx 或 .csv 文件；压缩包请先解压。'),
  'table.not_table': {
    status: 415,
    says: ({ found }) => `文件不是表格${found ? `（内容是${found}）` : ''}`,
    cure: '请上传 .xlsx 或 .csv 文件。',
  },

  'table.file_too_large': mebibytes((limit) => `文件超过 ${limit}`),
  'table.too_many_entries': tooMuch((limit) => `工作簿内含的部件超过 ${limit} 个`, rebuild),
  'table.inflates_too_much': mebibytes((limit) => `工作簿解压后超过 ${limit}`),
  'table.too_many_sheets': tooMuch((limit) => `工作表超过 ${limit} 张`),
  'table.too_many_rows': tooMuch((limit) => `有内容的行超过 ${limit} 行`),
  'table.too_many_columns': tooMuch((limit) => `第 ${limit} 列之后仍有内容`, '请删除表格右侧的无关内容后重新上传。'),
  'table.too_many_cells': tooMuch((limit) => `有内容的单元格超过 ${limit} 个`),
  'table.too_much_text': tooMuch((limit) => `全部单元格的文字超过 ${limit} 个字符`),
  'table.cell_too_long': tooMuch((limit) => `单元格的文字超过 ${limit} 个字符`, '请缩短该单元格的文字；CSV 文件请同时核对引号是否成对。'),
  'table.too_many_merges': tooMuch((limit) => `合并单元格超过 ${limit} 处`, '请取消无关的合并单元格后重新上传。'),
  'table.too_deep': tooMuch((limit) => `工作簿内部结构嵌套超过 ${limit} 层`, rebuild),
  'table.took_too_long': {
    status: 413,
    says: ({ limit = 0 }) => `文件在 ${limit / 1000} 秒内未能读完`,
    cure: split,
  },
  'table.too_much_memory': { status: 413, says: () => '读取该文件所需的内存超过限额', cure: split },

  'table.empty_file': broken(() => '文件是空的（0 字节）', '请核对选择的文件后重新上传。'),
  'table.damaged': broken(() => '文件已损坏或者上传不完整'),
  'table.duplicate_entry': broken(({ found }) => `工作簿内有重名的部件“${found}”`),
  'table.unsafe_entry_name': broken(() => '工作簿内有指向文件之外的部件名'),
  'table.part_missing': broken(({ found }) => `工作簿缺少部件“${found}”`),
  'table.xml': broken(() => '工作簿内部的 XML 不合规范'),
  'table.doctype': broken(() => '工作簿内部的 XML 含有文档类型或者实体声明'),
  'table.structure': broken(({ found }) => `工作簿内部结构有误：${found}`),
  'table.string_index': broken(() => '单元格引用的共享字符串不存在'),
  'table.bad_character': broken(() => '单元格含有不能保存的字符（空字符或者残缺的代理对）', '请删除该单元格中的不可见字符后重新上传。'),
  'table.encoding': broken(({ found }) => `文字编码无法识别${found ? `（${found}）` : ''}`, encodings),
  'table.mixed_encoding': broken(() => '文件混用了 UTF-8 和 GB18030 两种编码', encodings),
  'table.nul': broken(() => '文件含有空字节，可能是没有标记的 UTF-16 文本或者不是文本', encodings),
  'table.control_character': broken(() => '文件含有控制字符，可能不是文本', '请删除该处的不可见字符，或者另存为 .xlsx 后上传。'),
  'table.open_quote': broken(() => 'CSV 的引号没有闭合', '请从该处起核对引号是否成对，或者另存为 .xlsx 后上传。'),
  'table.text_after_quote': broken(() => 'CSV 的引号之后还有文字', '请将字段内的引号写成两个引号，或者另存为 .xlsx 后上传。'),

  'table.no_content': unusable(() => '文件中没有读到任何内容', '请核对选择的文件；内容在图片或者文本框中的，请录入单元格后上传。'),
  'table.no_header': unusable(
    ({ found }) => `没有找到表头${found ? `（应有：${found}）` : ''}`,
    '请使用下载的模板，保留表头行后重新上传。',
  ),
  'table.several_sheets': unusable(({ found }) => `有几张工作表都像是要导入的表：${found}`, '请只保留一张，或者指明要导入的工作表。'),
  'table.columns_missing': unusable(({ found }) => `表头缺少列：${found}`, '请补上缺少的列，或者使用下载的模板。'),
  'table.columns_ambiguous': unusable(({ found }) => `表头有歧义：${found}`, '请删除或者改名重复的列后重新上传。'),
  'table.no_such_sheet': unusable(({ found }) => `没有名为“${found}”的工作表`, '请核对工作表名称。'),
  'table.no_room': unusable(() => '表格右侧没有空列可写校验意见', '请删除表格最右侧的无关列后重新上传。'),
  'table.cannot_write': unusable(({ found }) => `内容不能写入单元格：${found}`, '请删除该内容中的不可见字符，或者缩短文字。'),

  'table.busy': { status: 429, says: () => '正在读取的文件过多', cure: '请稍后重试。' },
} satisfies Record<string, Words>

export type RefusalCode = keyof typeof refusals

/** Thrown where a file is read, in the child process too: what is wrong and where, not yet in words. */
export class Refused extends Error {
  readonly code: RefusalCode
  readonly place: Place
  readonly detail: Detail
  constructor(code: RefusalCode, place: Place = {}, detail: Detail = {}) {
    super(code)
    this.code = code
    this.place = place
    this.detail = detail
  }
}

const LETTERS = 26

/** The name that a spreadsheet gives a column: 1 is A, 27 is AA. */
export function columnName(column: number): string {
  let name = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / LETTERS)) name = String.fromCharCode(65 + ((rest - 1) % LETTERS)) + name
  return name
}

/** A place in words; the empty text for none. */
export function placeInWords({ sheet, row, column, part, byte }: Place): string {
  const cell = row === undefined ? '' : column === undefined ? `第 ${row} 行` : `${columnName(column)}${row} 单元格`
  const bytes = byte === undefined ? '' : `第 ${byte + 1} 个字节处`
  const where = `${sheet === undefined ? '' : `工作表“${shortened(sheet)}”`}${cell}`
  if (where !== '') return bytes === '' ? where : `${where}（${bytes}）`
  if (bytes !== '') return bytes
  return part === undefined ? '' : `部件 ${shortened(part)}`
}

function shortened(text: string): string {
  const points = [...text]
  return points.length > 60 ? `${points.slice(0, 60).join('')}…` : text
}
