import { parentPort, workerData } from 'node:worker_threads'
import { CsvFault } from './csv-scan.ts'
import { type ShapeAnswer, shapeHere } from './csv-shape.ts'
import type { SourceFile } from './source-file.ts'

// A thread that reads one CSV through.
parentPort?.postMessage(await answer())

async function answer(): Promise<ShapeAnswer> {
  try {
    return { shape: (await shapeHere(workerData as SourceFile)) ?? null }
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error
    const { kind, line, columns } = error
    return { fault: { kind, line, columns } }
  }
}
