import {
  Archive,
  AtSign,
  Bookmark,
  BookOpen,
  Camera,
  ClipboardList,
  Cloud,
  Drama,
  Feather,
  Link2,
  type LucideIcon,
  Mail,
  MapPin,
  MessageCircle,
  MessageCircleMore,
  MessageSquareMore,
  MessagesSquare,
  PenLine,
  Phone,
  Play,
  Rss,
  Send,
  Smartphone,
  Star,
  ThumbsUp,
  Webhook,
} from "lucide-react";

// What a channel is like: a picture, and a hue that tells kinds apart at a glance. Colour alone never tells:
// every mark has its name for those who do not see it.
const pictures: Record<string, readonly [LucideIcon, hue?: number]> = {
  mastodon: [AtSign, 285],
  bluesky: [Cloud, 245],
  x: [Feather],
  facebook: [ThumbsUp, 262],
  messenger: [MessageCircle, 275],
  instagram: [Camera, 350],
  whatsapp: [Phone, 155],
  youtube: [Play, 25],
  google: [MapPin, 80],
  telegram: [Send, 230],
  wordpress: [PenLine, 220],
  mediawiki: [BookOpen, 110],
  shaarli: [Bookmark, 130],
  feed: [Rss, 50],
  email: [Mail, 200],
  mail: [Mail, 200],
  mailto: [Mail],
  sms: [Smartphone, 175],
  kannel: [Smartphone, 175],
  twilio: [Smartphone, 10],
  tel: [Smartphone],
  webhook: [Webhook, 310],
  form: [ClipboardList, 95],
  chat: [MessageCircleMore, 190],
  archive: [Archive],
  // the sites of the practice network
  practice: [Drama],
  microblog: [AtSign, 300],
  forum: [MessagesSquare, 165],
  reviews: [Star, 75],
  review: [Star, 75],
  messages: [MessageSquareMore, 235],
  community: [MessagesSquare],
  web: [Link2],
};

interface Props {
  kind: string;
  mark?: string | undefined; // a picture of its own, where the kind's says too little
  name?: string;
  inline?: boolean; // in a line of words, without its box
  large?: boolean;
}

export function ChannelMark({ kind, mark, name, inline, large }: Props) {
  const [Picture, hue] = pictures[mark ?? kind] ?? pictures[kind] ?? [MessageCircle];
  return (
    <span
      className={`ch${inline ? " in" : ""}${large ? " lg" : ""}${hue === undefined || inline ? "" : " hue"}`}
      style={hue === undefined || inline ? undefined : ({ "--hue": hue } as React.CSSProperties)}
      {...(name === "" // its name stands beside it
        ? { "aria-hidden": true }
        : { role: "img", "aria-label": name ?? kind, title: name ?? kind })}
    >
      <Picture aria-hidden />
    </span>
  );
}
