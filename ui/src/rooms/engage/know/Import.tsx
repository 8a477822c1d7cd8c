import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Chip, Dialog, Field, Select, Table, tell } from "../../../kit";
import { language } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import { type Sheet, useKnowActs, useKnowCounts } from "./data";
import { tongues } from "./words";

// Import brings in Markdown files, several at once, and says first what would happen.
export function Import({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title={<Trans>Bring in Markdown files</Trans>}
      text={
        <Trans>
          A file may begin with title, lang, slug, visibility and state between two lines of three hyphens.
          One whose address is there already becomes the next version of that article.
        </Trans>
      }
    >
      {open && <Files onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

const most = 200;

function Files({ onDone }: { onDone: () => void }) {
  const acts = useKnowActs();
  const used = useKnowCounts().data?.langs ?? [];
  const member = useSession()?.member;
  const [said, setLang] = useState<string>();
  const lang = said ?? used[0] ?? "en";
  const [visibility, setVisibility] = useState<"public" | "internal">("internal");
  const [files, setFiles] = useState<Sheet[]>([]);
  const { mutate, data, error, isPending, variables } = acts.imports;
  const programme = member?.role ? undefined : member?.programmes?.[0]?.id;
  const rest = programme ? { programme } : {};
  const look = (sheets: Sheet[], l = lang, v = visibility) => {
    if (sheets.length > 0) mutate({ files: sheets, lang: l, visibility: v, dry: true, ...rest });
  };
  const choose = async (list: FileList | null) => {
    const some = await Promise.all(
      [...(list ?? [])].slice(0, most).map(async (f) => ({ name: f.name, text: await f.text() })),
    );
    setFiles(some);
    look(some);
  };
  const rows = data?.items ?? [];
  const dry = variables?.dry ?? true;
  const good = rows.filter((r) => r.act === "add" || r.act === "update").length;
  const act = (a: string) =>
    a === "add" ? t`new` : a === "update" ? t`next version` : a === "same" ? t`as it is` : t`not taken`;
  return (
    <div className="touch grid gap-3 sm:grid-cols-2">
      <Field label={<Trans>Files</Trans>} className="sm:col-span-2">
        <input
          type="file"
          className="input py-1"
          multiple
          accept=".md,.markdown,.txt,text/markdown"
          aria-label={t`Files`}
          onChange={(e) => void choose(e.currentTarget.files)}
        />
      </Field>
      <Field label={<Trans>Language of those that do not say</Trans>}>
        <Select
          value={lang}
          onChange={(l) => {
            setLang(l);
            look(files, l);
          }}
          choices={tongues(used)}
        />
      </Field>
      <Field label={<Trans>Who may read those that do not say</Trans>}>
        <Select
          value={visibility}
          onChange={(v) => {
            setVisibility(v);
            look(files, lang, v);
          }}
          choices={[
            { value: "internal" as const, label: t`Inside only` },
            { value: "public" as const, label: t`Everybody` },
          ]}
        />
      </Field>
      {Boolean(error) && (
        <p className="text-alarm sm:col-span-2" role="alert">
          {sentenceOf(error)}
        </p>
      )}
      {rows.length > 0 && (
        <div className="max-h-72 overflow-auto sm:col-span-2">
          <Table
            label={t`What becomes of the files`}
            head={
              <>
                <th>
                  <Trans>File</Trans>
                </th>
                <th>
                  <Trans>Article</Trans>
                </th>
                <th />
              </>
            }
          >
            {rows.map((r) => (
              <tr key={r.name}>
                <td className="truncate">{r.name}</td>
                <td>
                  {r.title} <span className="text-ink-3">{language(r.lang)}</span>
                  {r.problem && <span className="block text-alarm">{r.problem}</span>}
                </td>
                <td>
                  <Chip tone={r.act === "error" ? "alarm" : r.act === "same" ? "outline" : "good"}>
                    {act(r.act)}
                  </Chip>
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
      <div className="flex justify-end gap-2 sm:col-span-2">
        {dry || rows.length === 0 ? (
          <Button
            look="p"
            busy={isPending}
            disabled={good === 0}
            onClick={() =>
              mutate(
                { files, lang, visibility, dry: false, ...rest },
                { onSuccess: () => tell({ text: t`The files are brought in.` }) },
              )
            }
          >
            <Trans>Bring them in</Trans>
          </Button>
        ) : (
          <Button look="p" onClick={onDone}>
            <Trans>Done</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}
