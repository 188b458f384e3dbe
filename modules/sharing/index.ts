/** Whether a grant holds at this moment, for who hands records out. */
export { type GrantInForce, grantInForce } from './server/grant.store.ts'
