import Fastify from 'fastify'

// The limit of what this machine's HTTP can do: one route, no session, no database, a constant answer.
const app = Fastify()
app.get('/', async () => ({ hello: 'world' }))
console.log(await app.listen({ port: 0, host: '127.0.0.1' }))
