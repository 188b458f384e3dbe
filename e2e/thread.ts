import type { SignIn } from './city.ts'
import { approveCityPlan, argue, establish, fund, propose, refuseFundsTooEarly, reviewEntry } from './thread-approval.ts'
import { accept, build, catalogue, evaluate, holdAndPay, refuseAcceptance, registerSystem, tender } from './thread-building.ts'

/** The whole story: a project through WH23 from a refused proposal to its evaluation, in the order of the articles. */
export async function wholeThread(signInAs: SignIn): Promise<void> {
  await propose(signInAs)
  await reviewEntry(signInAs)
  await refuseFundsTooEarly(signInAs)
  await approveCityPlan(signInAs)
  await argue(signInAs)
  await establish(signInAs)
  await fund(signInAs)
  await tender(signInAs)
  await build(signInAs)
  await refuseAcceptance(signInAs)
  await registerSystem(signInAs)
  await catalogue(signInAs)
  await accept(signInAs)
  await holdAndPay(signInAs)
  await evaluate(signInAs)
}
