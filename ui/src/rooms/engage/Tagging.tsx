import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Finder } from "../../kit";
import { useTags } from "../../lib/tags";
import type { Talk } from "./data";
import { doDeed, useDeed } from "./desk";

// Tagging puts tags on conversations and takes them away, by typing.
export function Tagging({
  talks,
  open,
  onOpenChange,
}: {
  talks: readonly Talk[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const tags = useTags().data ?? [];
  const deed = useDeed();
  const bears = (id: string) => talks.filter((c) => c.tags?.some((x) => x.id === id)).length;
  const choose = (id: string) => {
    const tag = tags.find((x) => x.id === id);
    if (!tag) return;
    const off = bears(id) === talks.length;
    const name = tag.name;
    void doDeed(
      deed,
      { talks, act: off ? "untag" : "tag", tags: [tag] },
      off ? t`“${name}” is off.` : t`“${name}” is on.`,
    );
  };
  return (
    <Finder
      open={open}
      onOpenChange={onOpenChange}
      title={t`Tags`}
      stay
      items={tags.map((x) => {
        const n = bears(x.id);
        return {
          id: x.id,
          label: x.name,
          icon: <i className="tagdot" data-color={x.color} />,
          help: x.about,
          on: n === 0 ? false : n === talks.length ? true : "some",
          off: x.yours ? undefined : t`Only managers put this on.`,
        };
      })}
      onChoose={choose}
      empty={<Trans>There are no tags yet. Managers make them under Settings, Tags.</Trans>}
      foot={
        <Link to="/settings/tags" className="link">
          <Trans>All tags</Trans>
        </Link>
      }
    />
  );
}
