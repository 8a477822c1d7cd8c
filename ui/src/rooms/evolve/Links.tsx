import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Copy, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Empty, Field, Input, Page, PageBody, States, Table, Time, tell } from "../../kit";
import { count } from "../../lib/format";
import { Problem } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { type Link as Tracked, useAddLink, useLinks } from "./data";
import { EvolveShelf, shelfName } from "./Shelf";
import { sums } from "./Tables";

// Links are the short ones that tell us what an answer led to.
export function Links() {
  const links = useLinks();
  const may = useMay("inbox.work");
  return (
    <Page
      name={t`Tracked links`}
      title={<Trans>Tracked links</Trans>}
      shelf={<EvolveShelf />}
      shelfName={shelfName()}
      acts={may && <Add />}
    >
      <PageBody>
        <States
          of={links}
          empty={
            <Empty title={<Trans>No link is tracked yet.</Trans>} acts={may && <Add />}>
              <Trans>
                Links in your answers become short ones by themselves once Parley has a public address. You
                can also make one for a post or a poster.
              </Trans>
            </Empty>
          }
        >
          {(rows) => (
            <>
              <Table
                label={t`Tracked links`}
                head={
                  <>
                    <th>
                      <Trans>Leads to</Trans>
                    </th>
                    <th className="max-md:hidden">
                      <Trans>Short address</Trans>
                    </th>
                    <th className="num">
                      <Trans>Clicks</Trans>
                    </th>
                    <th className="num">
                      <Trans>Outcomes</Trans>
                    </th>
                    <th className="num max-sm:hidden">
                      <Trans>Value</Trans>
                    </th>
                    <th className="num max-sm:hidden">
                      <Trans>Made</Trans>
                    </th>
                  </>
                }
              >
                {rows.map((l) => (
                  <Row key={l.id} l={l} />
                ))}
              </Table>
              <div className="py-4 text-ink-3">
                {links.hasMore ? (
                  <Button size="sm" touch busy={links.loadingMore} onClick={links.more}>
                    <Trans>Show more</Trans>
                  </Button>
                ) : (
                  <Plural value={rows.length} one="One link." other="# links." />
                )}
              </div>
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Row({ l }: { l: Tracked }) {
  return (
    <tr>
      <td className="w-full max-w-0">
        <span className="block truncate" title={l.target}>
          {l.target.replace(/^https?:\/\//, "")}
        </span>
        <span className="block truncate text-xs text-ink-3">
          {l.conversation ? (
            <Link to="/engage" search={{ view: "all", c: l.conversation }} className="hover:underline">
              <Trans>in a conversation</Trans>
            </Link>
          ) : (
            l.campaign || <Trans>made by hand</Trans>
          )}
          {l.by && ` · ${l.by.name}`}
        </span>
      </td>
      <td className="max-md:hidden">
        <Button look="g" size="sm" onClick={() => copy(l.url)} aria-label={t`Copy ${l.url}`}>
          <span className="mono">{l.code}</span>
          <Copy className="i s" aria-hidden />
        </Button>
      </td>
      <td className="num">{count(l.clicks)}</td>
      <td className="num">{count(l.conversions)}</td>
      <td className="num max-sm:hidden">{sums(l.value) || "–"}</td>
      <td className="num max-sm:hidden">
        <Time at={l.created_at} className="text-ink-2" />
      </td>
    </tr>
  );
}

function copy(url: string) {
  void navigator.clipboard.writeText(url).then(() => tell({ text: t`Copied.` }));
}

function Add() {
  const [open, setOpen] = useState(false);
  const add = useAddLink();
  const fields = add.error instanceof Problem ? add.error : undefined;
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const campaign = String(f.get("campaign")).trim();
    add.mutate(
      { target: String(f.get("target")).trim(), ...(campaign ? { campaign } : {}) },
      {
        onSuccess: (l) => {
          setOpen(false);
          copy(l.url);
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Make a tracked link</Trans>}
      trigger={
        <Button look="p" touch>
          <Plus className="i s" aria-hidden />
          <Trans>New link</Trans>
        </Button>
      }
    >
      <form className="touch flex flex-col gap-3" onSubmit={send}>
        <Field label={<Trans>Where it leads</Trans>} error={fields?.message}>
          <Input name="target" type="text" inputMode="url" required placeholder="https://" autoFocus />
        </Field>
        <Field label={<Trans>Campaign</Trans>} help={<Trans>Becomes utm_campaign; may stay empty.</Trans>}>
          <Input name="campaign" maxLength={80} />
        </Field>
        <div className="flex justify-end">
          <Button type="submit" look="p" busy={add.isPending}>
            <Trans>Make and copy</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
