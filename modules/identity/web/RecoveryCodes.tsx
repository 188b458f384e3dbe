import { Button } from 'antd'

/** 恢复码, shown once: leaving this is the last that anybody sees of them. */
export function RecoveryCodes({ codes, onSaved }: { codes: readonly string[]; onSaved: () => void }) {
  return (
    <section className="tc-doors-form" aria-label="恢复码">
      <p role="status">以下恢复码在手机不在身边时代替动态口令，每个只能使用一次。</p>
      <ul className="tc-doors-codes">
        {codes.map((code) => (
          <li key={code} className="tc-org-secret">
            {code}
          </li>
        ))}
      </ul>
      <p>恢复码只显示这一次，请抄写或打印后妥善保管，不要与手机放在一起。</p>
      <div className="tc-org-acts">
        <Button onClick={() => window.print()}>打印</Button>
        <Button type="primary" onClick={onSaved}>
          已保存，继续
        </Button>
      </div>
    </section>
  )
}
