import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download, Undo2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  Chip,
  Confirm,
  Empty,
  Facts,
  Page,
  PageBody,
  Progress,
  Section,
  States,
  Time,
} from "../../../kit";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { PeopleShelf, shelfName } from "../Shelf";
import { type ImportFull, useImport, useImportActs, works } from "./data";
import { Read } from "./Read";
import { stateTone, stateWord } from "./words";

const route = getRouteApi("/frame/people/imports/$id");

// ImportPage is one file: what its columns are, what would come of it, how far it is, and how to take it back.
export function ImportPage() {
  const { id } = route.useParams();
  const may = useMay("people.import");
  const file = useImport(id);
  const f = file.data;
  return (
    <Page
      name={f?.name ?? t`Import`}
      title={f?.name ?? <Trans>Import</Trans>}
      beside={f && <Chip tone={stateTone(f.state)}>{stateWord(f)}</Chip>}
      shelf={<PeopleShelf here="imports" />}
      shelfName={shelfName()}
    >
      <PageBody>
        {may ? (
          <States of={file}>
            {(f) => (
              <div className="flex flex-col gap-9">
                <How f={f} />
                {(f.state === "ready" || f.state === "cancelled" || (f.state === "done" && f.dry)) && (
                  <Read key={f.id} f={f} />
                )}
                {!works(f.state) && <Forget f={f} />}
              </div>
            )}
          </States>
        ) : (
          <Empty title={<Trans>This is not yours to see.</Trans>}>
            <Trans>Managers take files over. Ask one, or have your role changed.</Trans>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

function Said({ f }: { f: ImportFull }) {
  const sells = f.settings.kind === "orders";
  const firms = f.settings.kind === "organizations";
  switch (f.state) {
    case "uploading":
      return <Trans>Only a part of it arrived. Bring the file in anew.</Trans>;
    case "ready":
      return <Trans>All is here. Look at the columns and at the first rows, then take it in.</Trans>;
    case "running":
      return f.dry ? <Trans>Looking at every row …</Trans> : <Trans>Taking it in …</Trans>;
    case "undoing":
      return <Trans>Taking it back …</Trans>;
    case "undone":
      return f.kept > 0 && sells ? (
        <Plural
          value={f.kept}
          one="Taken back, but for # order, which was changed since."
          other="Taken back, but for # orders, which were changed since."
        />
      ) : f.kept > 0 && firms ? (
        <Plural
          value={f.kept}
          one="Taken back, but for # organization: it was changed since, or something else is known of it."
          other="Taken back, but for # organizations: they were changed since, or something else is known of them."
        />
      ) : f.kept > 0 ? (
        <Plural
          value={f.kept}
          one="Taken back, but for # person: something else is known of them by now."
          other="Taken back, but for # persons: something else is known of them by now."
        />
      ) : (
        <Trans>Taken back, all of it.</Trans>
      );
    case "cancelled":
      return f.steps > 0 ? (
        <Trans>Cancelled. What had come in stays until you undo it.</Trans>
      ) : (
        <Trans>Cancelled.</Trans>
      );
    case "done":
      return f.dry && sells ? (
        <Trans>
          It would make {count(f.created)} new orders and update {count(f.updated)}. Nothing was kept yet.
        </Trans>
      ) : f.dry && firms ? (
        <Trans>
          It would make {count(f.created)} new organizations and update {count(f.updated)}. Nothing was kept
          yet.
        </Trans>
      ) : f.dry ? (
        <Trans>
          It would make {count(f.created)} new persons and update {count(f.updated)}. Nothing was kept yet.
        </Trans>
      ) : (
        <Trans>
          Taken in: {count(f.created)} new, {count(f.updated)} updated.
        </Trans>
      );
    default:
      return <>{f.note ?? <Trans>It could not be read.</Trans>}</>;
  }
}

function How({ f }: { f: ImportFull }) {
  const { cancel, undo } = useImportActs();
  const [asks, setAsks] = useState(false);
  const began = f.rows > 0 || works(f.state) || f.state === "done";
  const sells = f.settings.kind === "orders";
  const firms = f.settings.kind === "organizations";
  const canUndo = f.steps > 0 && (f.state === "done" || f.state === "cancelled" || f.state === "failed");
  return (
    <Section title={<Trans>How it is</Trans>} className="max-w-2xl">
      <div role="status" className="py-3 text-lg">
        <Said f={f} />
      </div>
      {works(f.state) && (
        <div className="mb-3 flex items-center gap-3">
          <Progress share={f.share} label={f.state === "undoing" ? t`Taken back` : t`Taken in`} />
          {f.state === "running" && (
            <Button touch busy={cancel.isPending} onClick={() => cancel.mutate(f.id)}>
              <Trans>Cancel</Trans>
            </Button>
          )}
        </div>
      )}
      {began && (
        <Facts
          of={[
            [<Trans key="r">Rows</Trans>, count(f.rows)],
            [f.dry ? <Trans key="n">Would be new</Trans> : <Trans key="n">New</Trans>, count(f.created)],
            [
              f.dry ? <Trans key="u">Would be updated</Trans> : <Trans key="u">Updated</Trans>,
              count(f.updated),
            ],
            [<Trans key="s">Nothing new in them</Trans>, count(f.same)],
            ...(f.nobody > 0
              ? ([[<Trans key="o">Orders of nobody known</Trans>, count(f.nobody)]] as const)
              : []),
            ...(f.passed > 0
              ? ([[<Trans key="l">Left out, as you asked</Trans>, count(f.passed)]] as const)
              : []),
            [
              <Trans key="w">Wrong</Trans>,
              f.wrong > 0 ? (
                <a
                  key="a"
                  href={`/api/imports/${f.id}/errors`}
                  download
                  className="link inline-flex items-center gap-1.5"
                >
                  {count(f.wrong)}
                  <Download className="i s" aria-hidden />
                  <Trans>Download them with the reasons</Trans>
                </a>
              ) : (
                "0"
              ),
            ],
            ...(f.rate > 0
              ? ([[<Trans key="p">Rows a second</Trans>, count(Math.round(f.rate))]] as const)
              : []),
            ...(f.started_at
              ? ([[<Trans key="t">Started</Trans>, <Time key="t" at={f.started_at} />]] as const)
              : []),
          ]}
        />
      )}
      {(canUndo || (f.state === "done" && !f.dry)) && (
        <div className="mt-4 flex flex-wrap gap-2">
          {f.state === "done" && !f.dry && sells && (
            <Link to="/people/orders" className={btn("o", "sm", "touch")}>
              <Trans>See the orders</Trans>
            </Link>
          )}
          {f.state === "done" && !f.dry && firms && (
            <Link to="/people/organizations" className={btn("o", "sm", "touch")}>
              <Trans>See the organizations</Trans>
            </Link>
          )}
          {f.state === "done" && !f.dry && !sells && !firms && (
            <Link to="/people" className={btn("o", "sm", "touch")}>
              <Trans>See the persons</Trans>
            </Link>
          )}
          {canUndo && (
            <Confirm
              open={asks}
              onOpenChange={setAsks}
              trigger={
                <Button size="sm" touch>
                  <Undo2 className="i s" aria-hidden />
                  <Trans>Undo the whole import</Trans>
                </Button>
              }
              title={<Trans>Undo all of {f.name}?</Trans>}
              text={
                firms ? (
                  <Trans>
                    New organizations go, and what was written over comes back. Whatever somebody changed
                    since stays as it is, and so does every organization for which somebody works or of which
                    there are orders or opportunities.
                  </Trans>
                ) : sells ? (
                  <Trans>
                    New orders go, with the persons of whom nothing else is known, and those that were written
                    over become what they were. Whatever was changed since stays as it is.
                  </Trans>
                ) : (
                  <Trans>
                    New persons go, and what was written over comes back. Whatever somebody changed since
                    stays as it is, and so does everybody who has spoken to you.
                  </Trans>
                )
              }
              look="d"
              act={<Trans>Undo it</Trans>}
              busy={undo.isPending}
              onAct={() => undo.mutate(f.id)}
            />
          )}
        </div>
      )}
    </Section>
  );
}

function Forget({ f }: { f: ImportFull }) {
  const { remove } = useImportActs();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  return (
    <Confirm
      open={asks}
      onOpenChange={setAsks}
      trigger={
        <Button look="d" touch className="self-start">
          <Trans>Forget this file</Trans>
        </Button>
      }
      title={<Trans>Forget {f.name}?</Trans>}
      text={<Trans>What was taken over stays, but the import can no longer be undone.</Trans>}
      look="d"
      act={<Trans>Forget it</Trans>}
      busy={remove.isPending}
      onAct={() => remove.mutate(f.id, { onSuccess: () => void go({ to: "/people/imports" }) })}
    />
  );
}
