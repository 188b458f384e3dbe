import { holdsDuty, Page, useSession } from '@tongchou/ui'
import { readers } from './evidence-api.ts'
import { HeadsSection } from './HeadsSection.tsx'
import { LeavesSection } from './LeavesSection.tsx'
import { ReceiptSection } from './ReceiptSection.tsx'
import { StatusSection } from './StatusSection.tsx'
import { VerifySection } from './VerifySection.tsx'
import './evidence.css'

/** 存证: receipts of one's own acts and verifying any, for everybody; the log behind them for who reads the audit log. */
export function EvidencePage() {
  const isReader = holdsDuty(useSession(), readers)
  return (
    <Page
      title="存证"
      lead="审计记录每十秒汇成一批写入存证树（SM3），树根由平台签名（SM2）并写到数据库之外。凭证可脱离本平台校验，证明某一记录当时已在、此后未改。"
    >
      <ReceiptSection everything={isReader} />
      <VerifySection />
      {isReader && (
        <>
          <StatusSection />
          <HeadsSection />
          <LeavesSection />
        </>
      )}
    </Page>
  )
}
