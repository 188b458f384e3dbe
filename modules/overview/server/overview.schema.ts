import { At, CivilDate, Fen, Id, Nullable } from '@tongchou/kernel'
import { type Static, type TSchema, Type } from 'typebox'

const Named = Type.Object({ id: Type.String(), name: Type.String() })
const Some = <T extends TSchema>(item: T) => Type.Object({ count: Type.Integer(), items: Type.Array(item) })

/** 领导一页: money, risk, who is late, and what waits for the reader; each figure counts only what its reader may open. */
export const Overview = Type.Object(
  {
    at: At,
    /** Year of the annual plan that the money is of; null for all years. */
    year: Nullable(Type.Integer()),
    planYears: Type.Array(Type.Integer()),
    money: Type.Object({
      projectCount: Type.Integer(),
      budgetFen: Fen,
      approvedFen: Fen,
      fundedFen: Fen,
      contractedFen: Fen,
      paidFen: Fen,
      heldFen: Fen,
    }),
    risk: Type.Object({
      failed: Some(Type.Object({ problemId: Id, projectName: Type.String(), responsible: Named, dueOn: CivilDate })),
      behind: Some(
        Type.Object({
          projectId: Id,
          name: Type.String(),
          builder: Named,
          milestone: Type.String(),
          dueOn: CivilDate,
        }),
      ),
      heldProjectCount: Type.Integer(),
    }),
    late: Type.Object({
      lateCount: Type.Integer(),
      openCount: Type.Integer(),
      offices: Type.Array(
        Type.Object({
          organisation: Type.Object({ id: Nullable(Type.String()), name: Type.String() }),
          lateCount: Type.Integer(),
          openCount: Type.Integer(),
          oldestDueAt: At,
        }),
      ),
    }),
    waiting: Some(
      Type.Object({
        caseId: Id,
        title: Type.String(),
        stepTitle: Type.String(),
        fromName: Type.String(),
        dueAt: Nullable(At),
        provisional: Type.Boolean(),
      }),
    ),
  },
  { $id: 'Overview' },
)
export type Overview = Static<typeof Overview>
