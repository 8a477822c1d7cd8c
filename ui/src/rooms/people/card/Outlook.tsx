import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import { Section, Time } from "../../../kit";
import { share } from "../../../lib/format";
import {
  lacks,
  type Outlook,
  type Outlooks,
  odds,
  outlookMeans,
  outlookName,
  reasonText,
} from "../../../lib/outlook";
import { useMay } from "../../../lib/session";
import { useOutlooks } from "./data";

// MayCome is what may come of somebody, how likely and why, and what one may do next.
export function MayCome({ id, name }: { id: string; name: string }) {
  const found = useOutlooks(id);
  const mayLearn = useMay("model.train");
  const x = found.data;
  if (!x) {
    return found.error ? (
      <p className="mb-7 text-ink-3" role="status">
        <Trans>What may come could not be worked out just now.</Trans>
      </p>
    ) : null;
  }
  const items = x.items ?? [];
  const silent = silence(x);
  const next = x.next ?? [];
  if (items.length === 0 && next.length === 0 && !x.objected && !silent) return null;
  return (
    <Section
      className="mb-7"
      title={<Trans>What may come</Trans>}
      end={
        mayLearn && (
          <Link to="/settings/models" hash="outlooks" className="link">
            <Trans>How well this is foreseen</Trans>
          </Link>
        )
      }
    >
      {next.length > 0 && (
        <ul className="pt-3" aria-label={t`What to do next`}>
          {next.map((s) => (
            <NextStep key={`${s.do}${s.promise ?? ""}`} s={s} name={name} />
          ))}
        </ul>
      )}
      {x.objected && (
        <p className="pt-3 text-ink-2">
          <Trans>{name} does not want this, so nothing is foreseen and nothing is learned from them.</Trans>
        </p>
      )}
      {items.length > 0 && (
        <ul className="grid gap-x-8 gap-y-5 pt-4 md:grid-cols-2">
          {items.map((o) => (
            <Likely key={o.what} o={o} />
          ))}
        </ul>
      )}
      {!x.objected && items.length === 0 && silent && <p className="pt-3 text-ink-3">{silent}</p>}
    </Section>
  );
}

function Likely({ o }: { o: Outlook }) {
  const reasons = o.reasons ?? [];
  return (
    <li>
      <h3 className="flex items-baseline gap-2 font-strong" title={outlookMeans(o.what, o.days)}>
        {outlookName(o.what)}
        <span className="ms-auto text-xs font-normal text-ink-3">
          <Plural value={o.days} one="within # day" other="within # days" />
        </span>
      </h3>
      <div
        className="relative mt-2 h-2 rounded-full bg-line-2"
        role="img"
        aria-label={t`${share(o.share)}, usually ${share(o.usual)}`}
      >
        <span
          className="absolute inset-y-0 start-0 rounded-full bg-voice"
          style={{ width: `${Math.max(1, o.share * 100)}%` }}
        />
        <span
          className="absolute -inset-y-1 w-0.5 bg-ink"
          style={{ insetInlineStart: `${o.usual * 100}%` }}
        />
      </div>
      <p className="pt-2">
        <b className="font-strong">{odds(o.share)}</b>{" "}
        <span className="text-ink-3">
          <Trans>usual here: {odds(o.usual)}</Trans>
        </span>
      </p>
      {reasons.length > 0 && (
        <ul className="pt-1.5 text-ink-2">
          {reasons.map((r) => (
            <li key={r.feature} className="flex items-start gap-1.5 py-0.5">
              {r.effect > 0 ? (
                <ArrowUpRight className="i s mt-0.5 flex-none text-voice" aria-label={t`Likelier:`} />
              ) : (
                <ArrowDownRight className="i s mt-0.5 flex-none text-ink-3" aria-label={t`Less likely:`} />
              )}
              <span>{reasonText(r)}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

type Step = NonNullable<Outlooks["next"]>[number];

// NextStep is one thing to do and why; it leads to where it is done and does nothing itself.
function NextStep({ s, name }: { s: Step; name: string }) {
  const what = (
    <>
      <ArrowRight className="i s mt-0.5 flex-none text-voice rtl:-scale-x-100" aria-hidden />
      <span className="min-w-0 flex-1">
        <b className="font-strong">{doName(s.do)}</b> <span className="text-ink-2">{why(s, name)}</span>
      </span>
    </>
  );
  const look = "flex min-h-6.5 items-start gap-1.5 py-0.5 max-sm:min-h-11";
  return (
    <li>
      {s.conversation ? (
        <Link to="/engage" search={{ view: "all", c: s.conversation }} className={`${look} hover:underline`}>
          {what}
        </Link>
      ) : (
        <a href="#promised" className={`${look} hover:underline`}>
          {what}
        </a>
      )}
    </li>
  );
}

function doName(what: Step["do"]): string {
  switch (what) {
    case "answer":
      return t`Answer.`;
    case "keep":
      return t`Keep the promise.`;
    case "write":
      return t`Write to them.`;
    case "thank":
      return t`Thank them.`;
  }
}

function why(s: Step, name: string) {
  switch (s.do) {
    case "answer":
      return (
        <Trans>
          {name} waits since <Time at={s.at} />.
        </Trans>
      );
    case "keep":
      return (
        <Trans>
          “{s.text}”, due <Time at={s.at} />.
        </Trans>
      );
    case "write":
      return (
        <Trans>
          They may go quiet ({odds(s.share ?? 0)}), and still want “{s.text}”.
        </Trans>
      );
    case "thank":
      return <Trans>They may speak well of us in public ({odds(s.share ?? 0)}).</Trans>;
  }
}

// silence says why nothing is foreseen of somebody; undefined where there is no need to.
function silence(x: Outlooks): string | undefined {
  const all = (x.standing ?? []).filter((s) => s.standing !== "off");
  if (all.length === 0) return undefined;
  if (all.some((s) => s.standing === "shown"))
    return t`Nothing of what is foreseen fits them: it takes an order, or something that they said lately.`;
  const most = all.filter((s) => s.lack).sort((a, b) => (b.lack?.people ?? 0) - (a.lack?.people ?? 0))[0];
  if (most?.lack) return t`Too little has happened yet to foresee anything here: ${lacks(most.lack)}.`;
  if (all.some((s) => s.standing === "no_better"))
    return t`Nothing can be foreseen here better than by the usual rate, so no number is shown.`;
  return t`Nothing was learned yet. It is every night.`;
}
