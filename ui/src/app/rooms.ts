import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  Ear,
  HandHelping,
  Hexagon,
  House,
  Inbox,
  type LucideIcon,
  Megaphone,
  ScanSearch,
  Sprout,
  Users,
} from "lucide-react";

export interface Room {
  to: "/" | "/listen" | "/analyze" | "/engage" | "/hive" | "/publish" | "/evolve" | "/people" | "/govern";
  name: MessageDescriptor;
  icon: LucideIcon;
  gap?: boolean; // a line before it
  bottom?: boolean; // one of the four in the phone's bar
}

// The rooms in the order of the rail: home, the loop, whom it is about, the frame.
export const rooms: readonly Room[] = [
  { to: "/", name: msg`Home`, icon: House, bottom: true },
  { to: "/listen", name: msg`Listen`, icon: Ear, bottom: true },
  { to: "/analyze", name: msg`Analyze`, icon: ScanSearch },
  { to: "/engage", name: msg`Engage`, icon: Inbox, bottom: true },
  { to: "/hive", name: msg`Hive`, icon: HandHelping, bottom: true },
  { to: "/publish", name: msg`Publish`, icon: Megaphone },
  { to: "/evolve", name: msg`Evolve`, icon: Sprout },
  { to: "/people", name: msg`People`, icon: Users, gap: true },
  { to: "/govern", name: msg`Govern`, icon: Hexagon, gap: true },
];
