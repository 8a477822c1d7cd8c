import {
  AtSign,
  Drama,
  Link2,
  type LucideIcon,
  Mail,
  MessageCircle,
  MessagesSquare,
  Newspaper,
  Rss,
  Smartphone,
  Star,
} from "lucide-react";

// What a channel is like, as a picture. A kind we have no picture for gets the plain bubble.
const pictures: Record<string, LucideIcon> = {
  mastodon: AtSign,
  bluesky: AtSign,
  microblog: AtSign,
  feed: Rss,
  wordpress: Newspaper,
  email: Mail,
  sms: Smartphone,
  review: Star,
  forum: MessagesSquare,
  community: MessagesSquare,
  practice: Drama,
  web: Link2,
};

interface Props {
  kind: string;
  name?: string;
  inline?: boolean; // in a line of words, without its box
}

export function ChannelMark({ kind, name, inline }: Props) {
  const Picture = pictures[kind] ?? MessageCircle;
  return (
    <span className={`ch${inline ? " in" : ""}`} role="img" aria-label={name ?? kind} title={name ?? kind}>
      <Picture aria-hidden />
    </span>
  );
}
