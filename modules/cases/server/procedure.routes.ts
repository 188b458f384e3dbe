import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Line, NotFound, Nullable, problems, Strict } from '@tongchou/kernel'
import { type Static, Type } from 'typebox'
import type { CasesPorts } from '../ports.ts'

/** How a procedure begins (首个环节): what is handed in with it, before there is a case. */
const ProcedureStart = Type.Object({
  id: Type.String(),
  title: Type.String(),
  note: Nullable(Type.String()),
  articles: Type.Array(Type.String()),
  step: Type.Object({
    id: Type.String(),
    title: Type.String(),
    article: Type.String(),
    note: Nullable(Type.String()),
    outcomes: Type.Array(
      Type.Object({ id: Type.String(), title: Type.String(), guard: Nullable(Type.String()), requiresOpinion: Type.Boolean() }),
    ),
    documents: Type.Array(Type.Object({ kind: Type.String(), title: Type.String(), required: Type.Boolean() })),
    choices: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), article: Type.String() })),
    form: Nullable(
      Type.Object({ id: Type.String(), title: Type.String(), note: Nullable(Type.String()), fields: Type.Array(Type.Unknown()) }),
    ),
  }),
})

/** Procedures in force, as far as who begins one needs them. */
export const procedureRoutes: FastifyPluginAsyncTypebox<{ ports: CasesPorts }> = async (app, { ports }) => {
  app.get(
    '/procedures/:id',
    {
      schema: {
        operationId: 'readProcedureStart',
        tags: ['cases'],
        summary: '办事程序的首个环节',
        'x-authz': { 'signed-in': [] },
        params: Strict({ id: Line(64) }),
        response: { 200: ProcedureStart, ...problems },
      },
    },
    async (req) => readProcedureStart(ports, req.params.id),
  )
}

function readProcedureStart(ports: CasesPorts, id: string): Static<typeof ProcedureStart> {
  const definition = ports.definition(id)
  const first = definition?.procedure.steps.find((step) => step.kind === 'start')
  if (!definition || !first) throw new NotFound('procedure.not_found', '没有这一办事程序。')
  const { procedure, forms } = definition
  const form = first.form === null ? undefined : forms[first.form]
  return {
    id: procedure.id,
    title: procedure.title,
    note: procedure.note,
    articles: [...procedure.articles],
    step: {
      id: first.id,
      title: first.title,
      article: first.article,
      note: first.note,
      outcomes: first.outcomes.map(({ id: outcome, title, guard, requiresOpinion }) => ({ id: outcome, title, guard, requiresOpinion })),
      documents: [...first.documents],
      choices: [...first.choices],
      form: form ? { id: form.id, title: form.title, note: form.note, fields: [...form.fields] } : null,
    },
  }
}
