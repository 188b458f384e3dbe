/** Kinds, builders and the rest are the words of the fact vocabulary (`project.*`). */
export type ProjectKind = 'new' | 'expansion' | 'continuation' | 'operation' | 'purchase'
export type ProjectReach = 'single-department' | 'cross-department' | 'cross-level'
export type ProjectDeliverable =
  | 'business-system'
  | 'data-center'
  | 'machine-room'
  | 'video-platform'
  | 'iot-platform'
  | 'other-shared-infrastructure'
  | 'public-app'
  | 'cloud-center'
  | 'egov-network'
  | 'city-brain'
  | 'cim'
  | 'e-archive'
  | 'exchange-platform'
  | 'city-app'
  | 'security-infrastructure'
  | 'application-platform'
  | 'reusable-business-system'
  | 'video-surveillance'
  | 'data-collection'
  | 'iot-sensing'
  | 'basic-network'
  | 'smart-community'
export type ProjectFunding = 'own-income' | 'city-finance' | 'district-finance' | 'superior-finance' | 'social-investment'

/** How far a demo project has come (办到哪一步). The order is that of the lifecycle; the last two are stops beside it. */
export const demoTargets = [
  'drafting',
  'plan-filed',
  'plan-returned',
  'plan-reviewed',
  'listed',
  'under-argument',
  'argued',
  'establishing',
  'established',
  'funded',
  'tendering',
  'contracted',
  'building',
  'catalog-pending',
  'in-acceptance',
  'accepted',
  'handed-over',
  'paid',
  'under-evaluation',
  'evaluated',
  'under-rectification',
  'payment-held',
] as const
export type DemoTarget = (typeof demoTargets)[number]

/** small, medium, large: the order of magnitude of the budget. */
export type Scale = 's' | 'm' | 'l'

/** What is particular about a project; everything that follows from its department or its kind is worked out in `portfolio.ts`. */
export interface ProjectSeed {
  owner: string
  kind: ProjectKind
  scale: Scale
  /** The system or service; the project's name is made from it and its kind. */
  subject: string
  functions: string
  /** `资源：信息项、信息项；资源：…`; empty where the project makes no data, with the reason in `noDataReason`. */
  resources: string
  noDataReason?: string
  /** The whole name, where it is not made from the subject. */
  name?: string
  reach?: ProjectReach
  /** Who builds when it is not the owner. */
  builder?: 'big-data-center'
  userUnit?: string
  deliverables?: ProjectDeliverable[]
  funding?: ProjectFunding[]
  planBasis?: string
  appStage?: 'none' | 'new' | 'in-build' | 'built'
  superiorCoordinated?: boolean
  deployment?: 'gov-cloud' | 'own' | 'other'
  /** Only where the story fixes it; all others are spread over the states by the seed. */
  target?: DemoTarget
}
