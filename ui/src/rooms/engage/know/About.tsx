import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { AsidePart, Button, Field, Input, Select, Time } from "../../../kit";
import { full } from "../../../lib/format";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import { useColleagues } from "../data";
import { type Around, type ArticleFull, useCategories, useKnowActs, useProgrammes } from "./data";

// About is what stands around an article's words. Each thing is kept when it is changed.
export function About({ of: a }: { of: ArticleFull }) {
  const { edit } = useKnowActs();
  const categories = useCategories().data ?? [];
  const colleagues = useColleagues().data ?? [];
  const member = useSession()?.member;
  const set = (next: Around) => edit.mutate({ id: a.id, ...next });
  const people = [
    { value: "", label: t`Nobody` },
    ...colleagues.map((m) => ({ value: m.id, label: m.name })),
    ...(a.owner && !colleagues.some((m) => m.id === a.owner?.id)
      ? [{ value: a.owner.id, label: a.owner.name }]
      : []),
  ];
  const programmes = useProgrammes().data ?? [];
  const wrong = (f: string) =>
    edit.error instanceof Problem && edit.error.field?.endsWith(f) ? sentenceOf(edit.error) : undefined;
  const stuck = !a.may_write || (a.visibility === "public" && a.state === "published" && !a.may_publish);
  return (
    <>
      <AsidePart title={<Trans>About this article</Trans>}>
        <div className="touch flex flex-col gap-3">
          <Field label={<Trans>Who may read it</Trans>}>
            <Select
              disabled={stuck}
              value={a.visibility === "public" ? "public" : "internal"}
              onChange={(visibility: "public" | "internal") => set({ visibility })}
              choices={[
                { value: "internal", label: t`Inside only` },
                { value: "public", label: t`Everybody` },
              ]}
            />
          </Field>
          <Field label={<Trans>Subject</Trans>}>
            <Select
              disabled={stuck}
              value={a.category ?? ""}
              onChange={(category) => set({ category })}
              choices={[
                { value: "", label: t`None` },
                ...categories.map((c) => ({ value: c.id, label: c.name })),
              ]}
            />
          </Field>
          <Field label={<Trans>Looks after it</Trans>}>
            <Select
              disabled={!a.may_write}
              value={a.owner?.id ?? ""}
              onChange={(owner) => set({ owner })}
              choices={people}
            />
          </Field>
          <Field
            label={<Trans>Look at it again by</Trans>}
            error={a.stale ? t`The day has come: see whether it still holds.` : wrong("review_by")}
          >
            <Input
              type="date"
              disabled={!a.may_write}
              defaultValue={a.review_by?.slice(0, 10) ?? ""}
              onBlur={(e) => {
                if (e.currentTarget.value !== (a.review_by?.slice(0, 10) ?? ""))
                  set({ review_by: e.currentTarget.value });
              }}
            />
          </Field>
          <Field label={<Trans>Programme</Trans>}>
            <Select
              disabled={stuck}
              value={a.programme?.id ?? ""}
              onChange={(programme) => set({ programme })}
              choices={[
                ...(member?.role || !a.programme ? [{ value: "", label: t`The whole house` }] : []),
                ...programmes.map((p) => ({ value: p.id, label: p.name })),
                ...(a.programme && !programmes.some((p) => p.id === a.programme?.id)
                  ? [{ value: a.programme.id, label: a.programme.name }]
                  : []),
              ]}
            />
          </Field>
          <Slug key={a.slug} of={a} stuck={stuck} error={wrong("slug")} onKeep={(slug) => set({ slug })} />
        </div>
      </AsidePart>
      <AsidePart title={<Trans>Its life</Trans>}>
        <dl className="kv">
          <dt>
            <Trans>Version</Trans>
          </dt>
          <dd>{a.version}</dd>
          <dt>
            <Trans>Begun</Trans>
          </dt>
          <dd title={full(a.created_at)}>
            <Time at={a.created_at} />
          </dd>
          <dt>
            <Trans>Changed</Trans>
          </dt>
          <dd>
            <Time at={a.updated_at} />
          </dd>
          {a.published_at && (
            <>
              <dt>
                <Trans>Published</Trans>
              </dt>
              <dd>
                <Time at={a.published_at} />
              </dd>
            </>
          )}
        </dl>
      </AsidePart>
    </>
  );
}

function Slug({
  of: a,
  stuck,
  error,
  onKeep,
}: {
  of: ArticleFull;
  stuck: boolean;
  error: string | undefined;
  onKeep: (slug: string) => void;
}) {
  const [slug, setSlug] = useState(a.slug);
  return (
    <Field
      label={<Trans>Address</Trans>}
      error={error}
      help={
        <span className="[overflow-wrap:anywhere]">
          /help/{a.lang}/{slug}
        </span>
      }
    >
      <span className="flex gap-1">
        <Input
          value={slug}
          disabled={stuck}
          maxLength={100}
          onChange={(e) => setSlug(e.currentTarget.value)}
        />
        {slug !== a.slug && slug.trim() !== "" && (
          <Button size="md" onClick={() => onKeep(slug.trim())}>
            <Trans>Keep</Trans>
          </Button>
        )}
      </span>
    </Field>
  );
}
