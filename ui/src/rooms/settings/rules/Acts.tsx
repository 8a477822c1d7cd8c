import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus, X } from "lucide-react";
import { Button, Select, SelectMany } from "../../../kit";
import { useTags } from "../../../lib/tags";
import { useMembers } from "../data";
import { priorities } from "../pace/data";
import { Length } from "../pace/Length";
import { type Act, useTeamChoices } from "./data";
import { doName, dos, marks } from "./words";

// Acts are what a rule does, one after the other.
export function Acts({ acts, onChange }: { acts: Act[]; onChange: (a: Act[]) => void }) {
  const members = useMembers(true).data ?? [];
  const tags = useTags().data ?? [];
  const teams = useTeamChoices();
  const put = (i: number, a: Act) => onChange(acts.map((x, at) => (at === i ? a : x)));
  return (
    <div className="flex flex-col gap-2 pt-3">
      {acts.map((a, i) => {
        const n = i + 1;
        return (
          <fieldset
            // biome-ignore lint/suspicious/noArrayIndexKey: an act has no other name than its place
            key={i}
            className="flex flex-wrap items-center gap-2 rounded-md border border-line bg-paper p-2"
          >
            <legend className="sr-only">{t`Act ${n}`}</legend>
            <Select
              className="w-64!"
              label={t`Act ${n}: what`}
              value={a.do}
              onChange={(d) => put(i, d === "snooze" ? { do: d, for_s: 86_400 } : { do: d })}
              choices={dos.map((d) => ({ value: d, label: doName(d) }))}
            />
            {(a.do === "assign" || a.do === "tell") && (
              <Select
                className="w-48!"
                label={t`Act ${n}: whom`}
                value={a.member ?? null}
                placeholder={t`whom?`}
                onChange={(member) => put(i, { ...a, member })}
                choices={members.map((m) => ({ value: m.id, label: m.name }))}
              />
            )}
            {a.do === "team" && (
              <Select
                className="w-48!"
                label={t`Act ${n}: team`}
                value={a.team ?? null}
                placeholder={t`which?`}
                onChange={(team) => put(i, { ...a, team })}
                choices={teams}
              />
            )}
            {(a.do === "tag" || a.do === "untag") && (
              <SelectMany
                className="min-w-48 w-auto!"
                label={t`Act ${n}: tags`}
                value={a.tags ?? []}
                placeholder={t`which?`}
                onChange={(ids) => put(i, { ...a, tags: ids })}
                choices={tags.map((x) => ({ value: x.id, label: x.name }))}
              />
            )}
            {a.do === "priority" && (
              <Select
                className="w-48!"
                label={t`Act ${n}: priority`}
                value={a.priority ?? null}
                placeholder={t`which?`}
                onChange={(priority) => put(i, { ...a, priority })}
                choices={priorities()}
              />
            )}
            {a.do === "snooze" && (
              <Length
                label={t`Act ${n}: for`}
                value={a.for_s ?? 86_400}
                onChange={(for_s) => put(i, { ...a, for_s })}
              />
            )}
            {acts.length > 1 && (
              <Button
                look="g"
                square
                touch
                className="ms-auto"
                aria-label={t`Remove act ${n}`}
                onClick={() => onChange(acts.filter((_, at) => at !== i))}
              >
                <X className="i" aria-hidden />
              </Button>
            )}
            {(a.do === "note" || a.do === "reply" || a.do === "tell" || a.do === "tell_leads") && (
              <div className="w-full">
                <textarea
                  className="input"
                  rows={a.do === "reply" ? 4 : 2}
                  aria-label={t`Act ${n}: words`}
                  value={a.text ?? ""}
                  maxLength={a.do === "tell" || a.do === "tell_leads" ? 200 : 10_000}
                  onChange={(e) => put(i, { ...a, text: e.target.value })}
                />
                {a.do === "reply" && (
                  <p className="help">
                    <Trans>
                      {marks.name} is the customer, {marks.opens} when you are there again. It is said once in
                      a conversation and never counts as an answer.
                    </Trans>
                  </p>
                )}
              </div>
            )}
          </fieldset>
        );
      })}
      {acts.length < 10 && (
        <div>
          <Button size="sm" onClick={() => onChange([...acts, { do: "note", text: "" }])}>
            <Plus className="i s" aria-hidden />
            <Trans>Add an act</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
