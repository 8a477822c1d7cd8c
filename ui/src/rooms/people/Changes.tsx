import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button, Section, Skeleton, Time } from "../../kit";
import { useMay } from "../../lib/session";
import { useRecord } from "./data";

// Changes is who changed what, out of the record; for those who may read it.
export function Changes({
  object,
  id,
}: {
  object: "person" | "organization" | "opportunity" | "order" | "segment";
  id: string;
}) {
  const may = useMay("record.read");
  const [open, setOpen] = useState(false);
  const lines = useRecord(object, id, may && open);
  if (!may) return null;
  return (
    <Section
      title={<Trans>Who changed what</Trans>}
      className="pt-6"
      end={
        <Link to="/govern/record" search={{ object, id }} className="link">
          <Trans>In the record</Trans>
        </Link>
      }
    >
      {!open ? (
        <Button look="g" size="sm" touch className="mt-2 -ms-2" onClick={() => setOpen(true)}>
          <Trans>Show</Trans>
        </Button>
      ) : lines.data === undefined ? (
        <Skeleton rows={2} avatar={false} />
      ) : lines.data.length === 0 ? (
        <p className="pt-3 text-ink-3">
          <Trans>Nobody has changed anything by hand.</Trans>
        </p>
      ) : (
        <ul className="pt-2" aria-label={t`Who changed what`}>
          {lines.data.map((l) => (
            <li key={l.seq} className="flex gap-2 py-1">
              <span className="min-w-0 flex-1 wrap-anywhere">
                <b className="font-strong">{l.actor?.name || t`Parley`}</b>{" "}
                <span className="text-ink-2">
                  {l.verb} {shown(l.detail)}
                </span>
              </span>
              <Time at={l.at} className="text-xs text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

// shown tells a detail of the record in a line: what, and from which to which.
function shown(detail: unknown): string {
  if (!detail || typeof detail !== "object") return "";
  return Object.entries(detail)
    .map(([k, v]) => {
      if (Array.isArray(v) && v.length === 2) return `${k}: ${plain(v[0])} → ${plain(v[1])}`;
      return v === true ? k : `${k}: ${plain(v)}`;
    })
    .join(", ");
}

const plain = (v: unknown) => (v === "" || v === undefined || v === null ? "–" : String(v));
