import { setTimeout as pause } from 'node:timers/promises'
import type { Center, Target } from '@tongchou/agent'
import { applicationRole } from '@tongchou/kernel'
import type { Receivers } from '@tongchou/libraries'
import pg from 'pg'

/** Mistakes that a run plants, each of which it must find. */
export const bugs = [
  // The center answers before it has committed; the agent takes a batch for taken before it was.
  'answer-early',
  'acknowledge-early',
  // Changes are numbered by a sequence of the database, beside the lock.
  'shared-sequence',
  // The receiver keeps how far it is in a transaction after that of the records.
  'cursor-apart',
  // Who starts to receive gets no epoch of its own, so that who was replaced goes on.
  'no-fencing',
  // The intake forgets which batches it has taken.
  'no-idempotency',
  // Commits are answered before they are on the disk.
  'async-commit',
] as const
export type Bug = (typeof bugs)[number]

/** What a receipt says that nobody has waited for. */
const untold = {
  ...{ structure: 1, rows: 0, inserted: 0, updated: 0, deleted: 0, unchanged: 0, superseded: 0, absent: 0, bad: 0 },
  ...{ seqFrom: null, seqTo: null, receivedAt: '2026-03-02T01:00:00.000Z' },
}

/** Mistakes of the center. */
export function plantedReceiving(bug: Bug | null, receivers: Receivers): Receivers {
  if (bug === 'answer-early')
    return {
      ...receivers,
      receive: async (bytes, batch, turn) => {
        receivers.receive(bytes, batch, turn).catch(() => undefined)
        await turn
        return { ...untold, resource: batch.resource, batchId: batch.batchId, digest: '0'.repeat(64) }
      },
    }
  if (bug === 'no-idempotency') {
    let taken = 0
    return {
      ...receivers,
      receive: async (bytes, batch, turn) => {
        const receipt = await receivers.receive(bytes, { ...batch, batchId: `${batch.batchId}~${process.pid}.${++taken}` }, turn)
        // As long as a busy disk takes before the lane has moved too.
        await pause(20)
        return receipt
      },
    }
  }
  return receivers
}

/** Mistakes of the agent that sends. */
export function plantedCenter(bug: Bug | null, center: Center): Center {
  if (bug !== 'acknowledge-early') return center
  return {
    ...center,
    send: async (parcel, body) => {
      center.send(parcel, body).catch(() => undefined)
      return { ...untold, batchId: parcel.batchId }
    },
  }
}

/** Mistakes of the agent that receives; what the database lets happen is planted by `plantInDatabase`. */
export function plantedTarget(bug: Bug | null, target: Target, url: string): Target {
  if (bug !== 'cursor-apart') return target
  const db = new pg.Pool({ connectionString: url, max: 1 })
  db.on('error', () => undefined)
  return {
    ...target,
    apply: async (page, isLoad) => {
      await target.apply(page, isLoad)
      await pause(5)
      await db.query(
        `with let_through as materialized (select set_config('kill.cursor', 'on', false))
        update tongchou.received set place = $1, position = $2, is_loading = $3 from let_through`,
        [page.cursor, page.position, isLoad && !page.isComplete],
      )
    },
    close: async () => {
      await target.close()
      await db.end()
    },
  }
}

/** Mistakes that are the database's, as the owner. */
export async function plantInDatabase(bug: Bug | null, owner: pg.Pool): Promise<void> {
  const run = async (...statements: string[]) => {
    for (const statement of statements) await owner.query(statement)
  }
  if (bug === 'shared-sequence')
    await run(
      'create sequence public.kill_numbers',
      'grant usage on sequence public.kill_numbers to public',
      `create function public.kill_number_chunk() returns trigger language plpgsql as $$
       declare n bigint := new.seq_to - new.seq_from + 1; at bigint;
       begin
         at := nextval('public.kill_numbers');
         for i in 2 .. n loop perform nextval('public.kill_numbers'); end loop;
         new.seq_from := at; new.seq_to := at + n - 1;
         return new;
       end $$`,
      'create trigger kill_number before insert on libraries.log_chunk for each row execute function public.kill_number_chunk()',
      `create function public.kill_number_head() returns trigger language plpgsql as $$
       begin new.last_seq := (select max(seq_to) from libraries.log_chunk where resource = new.resource); return new; end $$`,
      'create trigger kill_number before update of last_seq on libraries.head for each row execute function public.kill_number_head()',
    )
  if (bug === 'cursor-apart')
    await run(
      `create function public.kill_keep_place() returns trigger language plpgsql as $$
       begin
         if coalesce(current_setting('kill.cursor', true), '') <> 'on' then
           new.place := old.place; new.position := old.position; new.is_loading := old.is_loading;
         end if;
         return new;
       end $$`,
      'create trigger kill_keep_place before update on tongchou.received for each row execute function public.kill_keep_place()',
    )
  if (bug === 'no-fencing')
    await run(
      'create function public.kill_same_epoch() returns trigger language plpgsql as $$ begin new.epoch := old.epoch; return new; end $$',
      'create trigger kill_same_epoch before update on tongchou.received for each row execute function public.kill_same_epoch()',
    )
  if (bug === 'async-commit')
    await run(
      // With the usual fifth of a second, and with others who do wait for the disk, next to nothing is ever lost.
      // The product does not start on a server that is set so: only its own logins are.
      `alter role ${applicationRole} set synchronous_commit = off`,
      "alter system set wal_writer_delay = '10s'",
      "alter system set wal_writer_flush_after = '1GB'",
      'select pg_reload_conf()',
    )
}

/** How everybody else signs in where commits are not waited for: one who does wait brings to the disk what was committed before him, too. */
export const sessionOptions = (bug: Bug | null) => (bug === 'async-commit' ? '-c synchronous_commit=off' : '')
