import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { Button, Select } from "../../../kit";
import { useMembers } from "../data";
import type { Step } from "./data";
import { Length } from "./Length";

// Steps are what is done when something stays late, one after the other.
export function Steps({ steps, onChange }: { steps: Step[]; onChange: (s: Step[]) => void }) {
  const members = useMembers(true).data ?? [];
  const put = (i: number, s: Step) => onChange(steps.map((x, at) => (at === i ? s : x)));
  return (
    <div className="flex flex-col gap-2">
      <p className="text-ink-2">
        <Trans>When it is late, it is noted in the conversation and told. After that:</Trans>
      </p>
      {steps.map((s, i) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no other name than its place
          key={i}
          className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-paper p-2"
        >
          <legend className="sr-only">{t`Step ${i + 1}`}</legend>
          <Length
            label={t`Step ${i + 1}: late by`}
            value={s.after_s}
            onChange={(after_s) => put(i, { ...s, after_s })}
          />
          <Select
            className="w-56!"
            label={t`Step ${i + 1}: what is done`}
            value={s.do}
            onChange={(d) => put(i, { after_s: s.after_s, do: d })}
            choices={[
              { value: "tell_leads", label: t`tell who manages the programme` },
              { value: "tell_member", label: t`tell somebody` },
              { value: "give_to", label: t`give it to somebody` },
              { value: "take_back", label: t`take it back, for everybody` },
            ]}
          />
          {(s.do === "tell_member" || s.do === "give_to") && (
            <Select
              className="w-48!"
              label={t`Step ${i + 1}: whom`}
              value={s.member ?? null}
              placeholder={t`whom?`}
              onChange={(member) => put(i, { ...s, member })}
              choices={members.map((m) => ({ value: m.id, label: m.name }))}
            />
          )}
          <Button
            look="g"
            square
            touch
            className="ms-auto"
            aria-label={t`Remove step ${i + 1}`}
            onClick={() => onChange(steps.filter((_, at) => at !== i))}
          >
            <X className="i" aria-hidden />
          </Button>
        </fieldset>
      ))}
      {steps.length < 10 && (
        <div>
          <Button size="sm" onClick={() => onChange([...steps, { after_s: 1800, do: "tell_leads" }])}>
            <Plus className="i s" aria-hidden />
            <Trans>Add a step</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
