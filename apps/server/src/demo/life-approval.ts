import { begin, caseOf, hasReached, type Life } from './life.ts'
import { opinion } from './opinions.ts'
import { type Act, act } from './scene.ts'

/** Construction plan, establishment, funding and tender (WH23-8, 11, 12, 7, 13), as far as the portfolio has the project. */
export function approval(life: Life): Act[] {
  const { project } = life
  return [
    ...(hasReached(project, 'under-argument') ? constructionPlan(life) : []),
    ...(hasReached(project, 'establishing') ? establishment(life) : []),
    ...(hasReached(project, 'established') ? funding(life) : []),
    ...(hasReached(project, 'tendering') ? tender(life) : []),
  ]
}

function constructionPlan(life: Life): Act[] {
  const { project, number, builder } = life
  const decide = (after: number, who: string, step: string, outcome: string, text: string) =>
    act(after, (stage) => stage.decide(caseOf(life, 'construction-plan'), who, step, outcome, { opinion: text }))
  const again = act(3, async (stage) => {
    const plan = await stage.paper(builder, 'construction-plan', `${project.name}建设方案（修改稿）`)
    await stage.decide(caseOf(life, 'construction-plan'), builder, 'submit-plan', 'submit', {
      opinion: '已按意见修改。',
      documents: [plan],
    })
  })
  const submitted = act(0, async (stage) => {
    const plan = await stage.paper(builder, 'construction-plan', `${project.name}建设方案`)
    await begin(stage, life, builder, 'construction-plan', { opinion: '建设方案已编制完成，请审核。', documents: [plan] })
  })
  const reviewReturned = decide(4, 'bdc-reviewer', 'review', 'return', opinion('reviewReturn', number))
  const reviewPassed = decide(5, 'bdc-reviewer', 'review', 'pass', opinion('reviewPass', number))
  if (project.target === 'under-argument')
    return [[submitted], [submitted, reviewPassed], [submitted, reviewReturned]][number % 3] ?? [submitted]
  return [
    submitted,
    ...(number % 5 === 2 ? [reviewReturned, again] : []),
    reviewPassed,
    ...(number % 7 === 3 ? [decide(6, 'bdc-planner', 'argue', 'return', opinion('argueReturn', number)), again] : []),
    argued(life),
  ]
}

function argued(life: Life): Act {
  const { project, number } = life
  return act(8, async (stage) => {
    const withExperts = number % 4 === 0
    const documents = withExperts ? [await stage.paper('bdc-planner', 'expert-opinion', `${project.name}专家意见`)] : []
    const said = { opinion: opinion('arguePass', withExperts ? 2 : number % 2), documents }
    await stage.decide(caseOf(life, 'construction-plan'), 'bdc-planner', 'argue', 'pass', said)
  })
}

/** Each step of the three that the DRC approves: the paper, then the office's answer. */
function establishment(life: Life): Act[] {
  const { project, number, builder } = life
  const kase = () => caseOf(life, 'establishment')
  const handIn = (after: number, step: string, kind: string, title: string) =>
    act(after, async (stage) => {
      const document = await stage.paper(builder, kind, `${project.name}${title}`)
      await stage.decide(kase(), builder, step, 'submit', { documents: [document] })
    })
  const acts = [
    act(12, async (stage) => {
      const proposal = await stage.paper(builder, 'project-proposal', `${project.name}项目建议书`)
      await begin(stage, life, builder, 'establishment', { documents: [proposal] })
    }),
    act(8, (stage) => stage.decide(kase(), 'drc-reviewer', 'approve-proposal', 'approve', { opinion: opinion('proposalPass', number) })),
    handIn(20, 'submit-feasibility', 'feasibility-report', '可行性研究报告'),
    ...(number % 8 === 6
      ? [
          act(6, (stage) =>
            stage.decide(kase(), 'drc-officer', 'approve-feasibility', 'return', { opinion: opinion('feasibilityReturn', number) }),
          ),
          handIn(5, 'submit-feasibility', 'feasibility-report', '可行性研究报告（修改稿）'),
        ]
      : []),
    act(10, (stage) =>
      stage.decide(kase(), 'drc-officer', 'approve-feasibility', 'approve', { opinion: opinion('feasibilityPass', number) }),
    ),
    handIn(20, 'submit-design', 'preliminary-design', '初步设计及概算'),
    act(10, (stage) =>
      stage.decide(kase(), 'drc-director', 'approve-design', 'approve', {
        opinion: opinion('designPass', number),
        form: {
          approvedFen: project.approvedFen,
          documentNumber: `乌海发改字〔${stage.today().slice(0, 4)}〕${20 + number}号`,
        },
      }),
    ),
  ]
  if (project.target !== 'establishing') return acts
  return acts.slice(0, [1, 2, 3, acts.length - 2, acts.length - 1][number % 5])
}

const channels = ['city-finance', 'superior-finance', 'own-income', 'district-finance']

function funding(life: Life): Act[] {
  const { project, number } = life
  const channel = project.funding.find((source) => channels.includes(source)) ?? 'city-finance'
  const acts = [
    act(5, (stage) =>
      begin(stage, life, 'finance-budget', 'funding', { form: { amountFen: project.approvedFen, budgetYear: project.planYear, channel } }),
    ),
    act(4, (stage) =>
      stage.decide(caseOf(life, 'funding'), 'finance-director', 'approve', 'approve', { opinion: opinion('funded', number) }),
    ),
  ]
  // Establishment without funding: the text gives the two no order, so some wait for finance, some for its second signature.
  return project.target === 'established' ? acts.slice(0, number % 2) : acts
}

function tender(life: Life): Act[] {
  const { project, number, builder } = life
  const [contract] = project.contracts
  if (!contract) throw new RangeError(`${project.name} has no contract`)
  const kase = () => caseOf(life, 'tender')
  const acts = [
    act(12, async (stage) => {
      const document = await stage.paper(builder, 'tender-document', `${project.name}采购文件`)
      await begin(stage, life, builder, 'tender', { opinion: '按政府采购规定组织。', documents: [document] })
    }),
    act(22, async (stage) => {
      await stage.decide(kase(), 'tender-officer', 'register-result', 'register', {
        opinion: '交易过程合规，结果已公示。',
        form: {
          venue: 'public-resource-trading-center',
          noticeNumber: project.tenderNoticeNumber,
          winner: stage.enterprise(contract.supplierId).name,
          amountFen: contract.amountFen,
          openedOn: stage.today(),
        },
      })
    }),
    act(8, async (stage) => {
      const document = await stage.paper(builder, 'contract', `${project.name}合同`)
      await stage.decide(kase(), builder, 'register-contract', 'register', {
        form: {
          number: contract.number,
          supplier: stage.enterprise(contract.supplierId).name,
          supplierUscc: stage.enterprise(contract.supplierId).uscc,
          amountFen: contract.amountFen,
          signedOn: stage.today(),
          terms: contract.terms,
        },
        documents: [document],
      })
    }),
  ]
  return project.target === 'tendering' ? acts.slice(0, 1 + (number % 2)) : acts
}
