// SPDX-License-Identifier: Apache-2.0
import './styles.css'

export { ActChooser, type ChosenAct } from './ActChooser.tsx'
export { ActError, type ActErrorProps } from './ActError.tsx'
export { ActForm, type ActFormProps, FilledAct, type FilledActProps, useKeptForm } from './ActForm.tsx'
export { ArticleChip, type ArticleChipProps } from './Article.tsx'
export { AttachmentDrop, type AttachmentDropProps, AttachmentList } from './AttachmentDrop.tsx'
export { AuditTrail, type AuditTrailProps, type TrailLine, TrailSection, type TrailSectionProps } from './AuditTrail.tsx'
export { type AnchoredFinding, anchorFindings, type FactPlaces, goToPath } from './anchor.ts'
export { articleHref, articleLabel, packOf } from './articles.ts'
export { type Attachment, uploadFile } from './attachment.ts'
export { type CaseBrief, CaseStanding } from './CaseStanding.tsx'
export { CivilDate, Moment } from './Dates.tsx'
export { DifferenceTable, type SubjectDifference } from './DifferenceTable.tsx'
export { useAct, useAllPages, useApi, useSettled, useWatched } from './data.ts'
export { civilOf, longDate } from './dates.ts'
export { DraftSaver, type SaveAttempt, type SavedDraft, type SaveStanding } from './draft-saver.ts'
export { DUTY_IDS, dutyName, OUTSIDE_DUTIES } from './duties.ts'
export { type Facet, type FacetedAnswer, FacetedSearch, type FacetedSearchProps } from './FacetedSearch.tsx'
export { FileDrop, type FileDropProps } from './FileDrop.tsx'
export { type Cure, FindingItem, type FindingItemProps, FindingList, type FindingListProps } from './Finding.tsx'
export { FieldInput, type FieldInputProps, FormRow, type FormRowProps } from './FormField.tsx'
export { factName } from './facts.ts'
export { KeptNote, useOnline } from './KeptNote.tsx'
export { forgetKept, type Kept, useKept } from './kept.ts'
export { LeaveGuard } from './LeaveGuard.tsx'
export { LinesEditor, type LinesEditorProps } from './LinesEditor.tsx'
export { ExportBar, type ExportView, exportFileHref, ListExport } from './ListExport.tsx'
export { Hides, ListFilters } from './ListFilters.tsx'
export { type ListColumn, ListTable, type ListTableProps } from './ListTable.tsx'
export { type ListFilter, type ListState, optionsOf, useListState } from './list-state.ts'
export { Marked, type SearchAnswer, type SearchHit } from './Marked.tsx'
export { Money } from './Money.tsx'
export { type LazyPage, lazyPage, MENU_GROUPS, type MenuGroup, type ModuleMenu, type ModuleRoute, OpenedPage } from './module-route.ts'
export { formatWan, formatYuan, type MoneyUnit, parseMoney } from './money.ts'
export { OpinionBox, type OpinionBoxProps } from './OpinionBox.tsx'
export { ActLink, Facts, Figures, NamedLink, Page, type PageProps, Section } from './Page.tsx'
export { Paper, type PaperLine, type PaperPart, type PaperProps, PrintButton, paperFoot, paperMoment, paperMoney } from './Paper.tsx'
export { ProcessPath, type ProcessPathProps } from './ProcessPath.tsx'
export { PurposeInputs, purposeOf, type Said } from './PurposeInputs.tsx'
export { fillPaper, type PaperDefinition, type PaperSlots, usePaper } from './paper-definition.ts'
export {
  type Display,
  type Preferences,
  type PreferencesState,
  type SavedView,
  useDisplay,
  usePhone,
  usePreferences,
} from './preferences.ts'
export type { PathDecision, PathEdge, PathStep, ProcedurePath } from './process-layout.ts'
export { QueryView, type QueryViewProps } from './QueryView.tsx'
export { ReferenceSelect, type ReferenceSelectProps, useReferenceName } from './ReferenceSelect.tsx'
export type { ReferenceKind } from './reference.ts'
export { SavedViews } from './SavedViews.tsx'
export { SecrecyQuestion, type SecrecyQuestionProps } from './SecrecyQuestion.tsx'
export { type SectionColumn, SectionTable, type SectionTableProps } from './SectionTable.tsx'
export { SendBar, type SendBarProps } from './SendBar.tsx'
export { type BesideDocument, SideBySide, type SideBySideProps } from './SideBySide.tsx'
export { Sideways } from './Sideways.tsx'
export { StateWord, type Tone } from './StateWord.tsx'
export {
  type ItemNotes,
  type ItemRemark,
  LabelledField,
  StepForm,
  type StepFormProps,
  type StepFormState,
  useStepForm,
} from './StepForm.tsx'
export { saveFile } from './save-file.ts'
export { currentPost, holdsDuty, type Session, SessionContext, type SessionPost, useSession } from './session.ts'
export { type DutyHolder, Empty, ErrorState, Forbidden, Loading, Missing, reasonOf } from './states.tsx'
export {
  type Choice,
  choicesOf,
  type FieldTrouble,
  type FormField,
  type FormLine,
  type FormValues,
  field,
  formTroubles,
  isBlank,
  type LinesField,
  linesOf,
  newLine,
  type PlainField,
  plainValues,
  toFormData,
  withLines,
} from './step-form.ts'
export { TimeLeft, type TimeLeftProps } from './TimeLeft.tsx'
export { theme, themeFor } from './theme.ts'
export { WorkList, type WorkListProps, type WorkTask } from './WorkList.tsx'
