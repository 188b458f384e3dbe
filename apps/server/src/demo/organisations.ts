import { syntheticSocialCreditCode } from '@tongchou/kernel'

/** Kinds as the identity module knows them. */
export type DemoOrganisationKind = 'government' | 'city-department' | 'big-data-center' | 'district' | 'public-body' | 'other'

/** An organisation of the demo city (演示机构). */
export interface DemoOrganisation {
  id: string
  name: string
  shortName: string
  kind: DemoOrganisationKind
  parentId?: string
  /** Valid, and in the range that belongs to nobody; absent for groups that are no legal person. */
  uscc?: string
  divisionCode: string
  /** What it was called before, oldest first: decisions of that time keep the name. */
  formerNames: { name: string; untilOn: string }[]
}

const CITY = '150300'
const ROOT = 'city-government'

type Row = [id: string, name: string, shortName: string, formerNames?: [name: string, untilOn: string][]]

// The first rows are the offices that the measures give a duty to; the others are departments as a city of this size has them.
const departments: Row[] = [
  ['government-office', '乌海市人民政府办公室', '市政府办'],
  ['supervision-office', '乌海市人民政府督查室', '市政府督查室', [['乌海市人民政府效能监察办公室', '2019-03-01']]],
  ['drc', '乌海市发展和改革委员会', '市发改委'],
  ['finance', '乌海市财政局', '市财政局'],
  ['audit', '乌海市审计局', '市审计局'],
  ['public-security', '乌海市公安局', '市公安局'],
  ['industry-information', '乌海市工业和信息化局', '市工信局', [['乌海市经济和信息化委员会', '2019-03-01']]],
  ['staffing-office', '中共乌海市委员会机构编制委员会办公室', '市委编办'],
  ['administrative-approval', '乌海市行政审批和政务服务局', '市政务服务局', [['乌海市政务服务中心', '2019-03-01']]],
  ['education', '乌海市教育局', '市教育局'],
  ['science-technology', '乌海市科学技术局', '市科技局'],
  ['ethnic-affairs', '乌海市民族事务委员会', '市民委'],
  ['civil-affairs', '乌海市民政局', '市民政局'],
  ['justice', '乌海市司法局', '市司法局'],
  ['human-resources', '乌海市人力资源和社会保障局', '市人社局', [['乌海市劳动和社会保障局', '2010-06-01']]],
  ['natural-resources', '乌海市自然资源局', '市自然资源局', [['乌海市国土资源局', '2019-03-01']]],
  ['ecology-environment', '乌海市生态环境局', '市生态环境局', [['乌海市环境保护局', '2019-03-01']]],
  ['housing-construction', '乌海市住房和城乡建设局', '市住建局', [['乌海市建设委员会', '2010-06-01']]],
  ['transport', '乌海市交通运输局', '市交通局'],
  ['water', '乌海市水务局', '市水务局'],
  ['agriculture', '乌海市农牧局', '市农牧局', [['乌海市农牧业局', '2019-03-01']]],
  ['commerce', '乌海市商务局', '市商务局'],
  ['culture-tourism', '乌海市文化旅游体育局', '市文旅体育局'],
  [
    'health',
    '乌海市卫生健康委员会',
    '市卫健委',
    [
      ['乌海市卫生局', '2014-12-01'],
      ['乌海市卫生和计划生育委员会', '2019-03-01'],
    ],
  ],
  ['veterans-affairs', '乌海市退役军人事务局', '市退役军人局'],
  ['emergency-management', '乌海市应急管理局', '市应急局', [['乌海市安全生产监督管理局', '2019-03-01']]],
  ['foreign-affairs', '乌海市人民政府外事办公室', '市外事办'],
  ['state-assets', '乌海市人民政府国有资产监督管理委员会', '市国资委'],
  ['market-regulation', '乌海市市场监督管理局', '市市场监管局', [['乌海市工商行政管理局', '2019-03-01']]],
  ['energy', '乌海市能源局', '市能源局'],
  ['statistics', '乌海市统计局', '市统计局'],
  ['healthcare-security', '乌海市医疗保障局', '市医保局'],
  ['petitions', '乌海市信访局', '市信访局'],
  ['forestry-grassland', '乌海市林业和草原局', '市林草局'],
  ['urban-management', '乌海市城市管理综合执法局', '市城管执法局', [['乌海市城市管理行政执法局', '2019-03-01']]],
  ['financial-work', '乌海市金融工作办公室', '市金融办'],
  ['national-defense-mobilization', '乌海市国防动员办公室', '市国动办', [['乌海市人民防空办公室', '2023-01-01']]],
  ['taxation', '国家税务总局乌海市税务局', '市税务局'],
  ['meteorology', '乌海市气象局', '市气象局'],
  ['fire-rescue', '乌海市消防救援支队', '市消防救援支队'],
  ['disabled-federation', '乌海市残疾人联合会', '市残联'],
  ['trade-unions', '乌海市总工会', '市总工会'],
  ['womens-federation', '乌海市妇女联合会', '市妇联'],
  ['youth-league', '共青团乌海市委员会', '团市委'],
  ['red-cross', '乌海市红十字会', '市红十字会'],
]

const publicBodies: Row[] = [
  ['tender-center', '乌海市公共资源交易中心', '市公共资源交易中心'],
  ['housing-fund', '乌海市住房公积金管理中心', '市公积金中心'],
  ['archives', '乌海市档案馆', '市档案馆'],
  ['central-hospital', '乌海市中心医院', '市中心医院'],
  ['library', '乌海市图书馆', '市图书馆'],
  ['vocational-college', '乌海应用技术学院', '乌海应用技术学院'],
  ['media-center', '乌海市融媒体中心', '市融媒体中心'],
  ['government-affairs-service', '乌海市机关事务服务中心', '市机关事务中心'],
  ['investment-promotion', '乌海市投资促进中心', '市投资促进中心'],
  ['disease-control', '乌海市疾病预防控制中心', '市疾控中心'],
]

const districts: { id: string; code: string; name: string }[] = [
  { id: 'haibowan', code: '150302', name: '海勃湾区' },
  // 海南区 of Wuhai shares two characters with 海南省 and nothing else: it is told apart by its code.
  { id: 'hainan', code: '150303', name: '海南区' },
  { id: 'wuda', code: '150304', name: '乌达区' },
]

const districtBureaus: [suffix: string, name: string][] = [
  ['government-services', '政务服务与数据管理局'],
  ['civil-affairs', '民政局'],
  ['education', '教育局'],
  ['housing-construction', '住房和城乡建设局'],
  ['emergency-management', '应急管理局'],
]

/** An enterprise that contracts are made with (演示企业): in the register of enterprises, not among the offices. */
export interface DemoEnterprise {
  id: string
  name: string
  uscc: string
}

// Invented names: contractors (承建、监理、设计单位) and the enterprises that the city serves.
const enterprises: [id: string, name: string][] = [
  ['contractor-shuyun', '蒙西数云信息技术有限公司（演示）'],
  ['contractor-hetao', '河套智联软件有限公司（演示）'],
  ['contractor-huanghe', '黄河湾系统集成有限公司（演示）'],
  ['contractor-ganderi', '甘德尔科技有限公司（演示）'],
  ['contractor-zhuozi', '桌子山测绘地理信息有限公司（演示）'],
  ['contractor-saishang', '塞上云网通信工程有限公司（演示）'],
  ['contractor-mingjian', '明鉴信息工程监理有限公司（演示）'],
  ['contractor-zhengce', '正策信息系统测评有限公司（演示）'],
  ['enterprise-coking', '乌海演示焦化有限责任公司'],
  ['enterprise-chemical', '乌海演示氯碱化工有限公司'],
  ['enterprise-winery', '乌海演示葡萄酒业有限公司'],
  ['enterprise-logistics', '乌海演示物流有限公司'],
]

/** All organisations of the demo city, parents before their children, and the enterprises that its offices build with. */
export function demoRegisters(): { organisations: DemoOrganisation[]; enterprises: DemoEnterprise[] } {
  // Serial numbers run through the whole city, so that no two organisations share a code.
  let serial = 0
  const coded = (category: string, divisionCode: string) => syntheticSocialCreditCode(category, divisionCode, ++serial)
  const cityBody = (kind: DemoOrganisationKind, category: string) => (row: Row) => organisation(row, kind, coded(category, CITY))
  const offices = [
    { ...organisation([ROOT, '乌海市人民政府', '市政府'], 'government', coded('11', CITY), false) },
    organisation(
      [
        'big-data-center',
        '乌海市大数据中心',
        '市大数据中心',
        [
          ['乌海市人民政府信息化办公室', '2015-07-01'],
          ['乌海市信息化服务中心', '2019-03-01'],
        ],
      ],
      'big-data-center',
      coded('12', CITY),
    ),
    ...departments.map(cityBody('city-department', '11')),
    ...publicBodies.map(cityBody('public-body', '12')),
    ...districts.flatMap(({ id, code, name }) => [
      districtBody(`${id}-district`, `乌海市${name}人民政府`, `${name}政府`, code, coded('11', code), ROOT),
      ...districtBureaus.map(([suffix, bureau]) =>
        districtBody(`${id}-${suffix}`, `乌海市${name}${bureau}`, `${name}${bureau}`, code, coded('11', code), `${id}-district`),
      ),
    ]),
  ]
  const groups = [group('expert-pool', '乌海市政务信息化专家库', '专家库', ROOT)]
  return {
    organisations: [...offices, ...groups],
    enterprises: enterprises.map(([id, name]) => ({ id, name, uscc: coded('91', CITY) })),
  }
}

function organisation(
  [id, name, shortName, former = []]: Row,
  kind: DemoOrganisationKind,
  uscc: string,
  underCity = true,
): DemoOrganisation {
  const formerNames = former.map(([formerName, untilOn]) => ({ name: formerName, untilOn }))
  return { id, name, shortName, kind, ...(underCity ? { parentId: ROOT } : {}), uscc, divisionCode: CITY, formerNames }
}

function districtBody(id: string, name: string, shortName: string, divisionCode: string, uscc: string, parentId: string): DemoOrganisation {
  return { id, name, shortName, kind: 'district', parentId, uscc, divisionCode, formerNames: [] }
}

// No legal person stands behind a pool of experts or the public, so there is no code either.
function group(id: string, name: string, shortName: string, parentId?: string): DemoOrganisation {
  return { id, name, shortName, kind: 'other', ...(parentId ? { parentId } : {}), divisionCode: CITY, formerNames: [] }
}
