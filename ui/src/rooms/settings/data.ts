import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { Problem } from "../../lib/problem";

export type Kind = Item<"/api/channel-kinds">;
export type FormField = NonNullable<Kind["form"]>[number];
export type Channel = Item<"/api/channels">;
export type ChannelFull = Got<"/api/channels/{id}">;
export type Member = Item<"/api/members">;
export type Token = Item<"/api/tokens">;
export type Brand = Got<"/api/brand">;
export type Health = Got<"/api/health">;
export type Values = Record<string, string>;
export type Role = "admin" | "manager" | "responder" | "viewer";
export type GrantRole = Exclude<Role, "admin">;

const at = (id: string) => ({ params: { path: { id } } });
const all = { params: { query: { limit: 100 } } };

// fault is what the server says of one field.
export function fault(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const own = error.field?.replace(/^(body\.)?(settings\.)?/, "");
  return own === field ? error.message : (error.fields?.[field] ?? error.fields?.[`settings.${field}`]);
}

export function useKinds() {
  return useQuery({
    queryKey: ["kinds"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/channel-kinds", { signal }))).items ?? [],
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: async ({ signal }) => (await ok(api.GET("/api/channels", { ...all, signal }))).items ?? [],
});

export function useChannels() {
  return useQuery({
    ...channelsQuery,
    refetchInterval: 30_000, // "last heard" moves without anything happening to the channel
  });
}

export function useChannel(id: string) {
  return useQuery({
    queryKey: ["channel", id],
    queryFn: ({ signal }) => ok(api.GET("/api/channels/{id}", { ...at(id), signal })),
    refetchInterval: 15_000,
  });
}

// useRegistered are the profiles of the presence register.
export function useRegistered() {
  return useQuery({
    queryKey: ["presence", "profiles", {}],
    queryFn: ({ signal }) => ok(api.GET("/api/presence/profiles", { ...all, signal })),
    select: (d) => d.items ?? [],
  });
}

// useTie ties a profile of the register to a channel.
export function useTie() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ profile, channel }: { profile: string; channel: string }) =>
      ok(api.PATCH("/api/presence/profiles/{id}", { ...at(profile), body: { channel } })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ["presence"] }),
  });
}

export function useTest() {
  return useMutation({
    mutationFn: (body: { id?: string; kind: string; settings: Values }) =>
      ok(api.POST("/api/channels/test", { body })),
    meta: { quiet: true },
  });
}

// useChannelActs is what one can do to a channel.
export function useChannelActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["channels", "channel", "health", "home", "wall"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    add: useMutation({
      mutationFn: (body: {
        kind: string;
        name: string;
        settings: Values;
        keep?: boolean;
        programme?: string;
      }) => ok(api.POST("/api/channels", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({
        id,
        ...body
      }: {
        id: string;
        name?: string;
        settings?: Values;
        keep?: boolean;
        programme?: string;
      }) => ok(api.PATCH("/api/channels/{id}", { ...at(id), body })),
      meta: { quiet: true },
      onSuccess,
    }),
    pause: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/channels/{id}/pause", at(id))),
      onSuccess,
    }),
    resume: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/channels/{id}/resume", at(id))),
      onSuccess,
    }),
    poll: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/channels/{id}/poll", at(id))),
      onSuccess,
    }),
    check: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/channels/{id}/check", at(id))),
      onSuccess,
    }),
    rotate: useMutation({
      mutationFn: ({ id, field }: { id: string; field: string }) =>
        ok(api.POST("/api/channels/{id}/secrets/{field}/rotate", { params: { path: { id, field } } })),
      onSuccess,
    }),
    drop: useMutation({
      mutationFn: ({ id, field }: { id: string; field: string }) =>
        ok(api.DELETE("/api/channels/{id}/secrets/{field}/former", { params: { path: { id, field } } })),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/channels/{id}", at(id))),
      onSuccess: (_, id) => {
        cache.removeQueries({ queryKey: ["channel", id] });
        onSuccess();
      },
    }),
  };
}

export function usePractice() {
  return useQuery({
    queryKey: ["practice"],
    queryFn: ({ signal }) => ok(api.GET("/api/practice", { signal })),
  });
}

export interface Saying {
  persona?: string;
  text?: string;
  site?: "microblog" | "forum" | "reviews" | "messages";
  direct?: boolean;
  rating?: number;
}

// useCrisis lets a crowd be angry with us, all at once.
export function useCrisis() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => ok(api.POST("/api/practice/crisis", { body: {} })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["practice"] }),
  });
}

export function useSaying() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Saying) => ok(api.POST("/api/practice/say", { body })),
    meta: { quiet: true },
    onSuccess: () => cache.invalidateQueries({ queryKey: ["practice"] }),
  });
}

export function useProgrammes(on = true) {
  return useQuery({
    queryKey: ["programmes", "all"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/programmes", { ...all, signal }))).items ?? [],
    enabled: on,
  });
}

export function useMembers(on: boolean) {
  return useQuery({
    queryKey: ["members", "all"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/members", { ...all, signal }))).items ?? [],
    enabled: on,
  });
}

export interface Grant {
  programme: string;
  role: GrantRole;
}

export function useMemberActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["members", "programmes", "programme", "session"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    invite: useMutation({
      mutationFn: (body: { email: string; name?: string; role: Role | ""; programmes?: Grant[] }) =>
        ok(api.POST("/api/members/invitations", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    change: useMutation({
      mutationFn: ({
        id,
        ...body
      }: {
        id: string;
        role?: Role | "";
        state?: "active" | "disabled";
        grants?: Grant[];
      }) => ok(api.PATCH("/api/members/{id}", { ...at(id), body })),
      onSuccess,
    }),
    reset: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/members/{id}/reset", at(id))),
    }),
  };
}

export function useTokens(on: boolean) {
  return useQuery({
    queryKey: ["tokens"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/tokens", { ...all, signal }))).items ?? [],
    enabled: on,
  });
}

export function useTokenActs() {
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: ["tokens"] });
  return {
    add: useMutation({
      mutationFn: (body: { name: string; role: Role; scopes?: string[]; expires_at?: string }) =>
        ok(api.POST("/api/tokens", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    revoke: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/tokens/{id}", at(id))),
      onSuccess,
    }),
  };
}

export function useBrand() {
  return useQuery({ queryKey: ["brand"], queryFn: ({ signal }) => ok(api.GET("/api/brand", { signal })) });
}

export function useNameBrand() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; handles: string[]; terms: string[] }) =>
      ok(api.PUT("/api/brand", { body })),
    meta: { quiet: true },
    onSuccess: (brand) => {
      cache.setQueryData(["brand"], brand);
      void cache.invalidateQueries({ queryKey: ["session"] });
    },
  });
}

export function useSessions() {
  return useQuery({
    queryKey: ["sessions"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/me/sessions", { signal }))).items ?? [],
  });
}

// useSelf is what one does to one's own account.
export function useSelf() {
  const cache = useQueryClient();
  const fresh = () => {
    for (const noun of ["session", "sessions"]) void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    rename: useMutation({
      mutationFn: (name: string) => ok(api.PATCH("/api/me", { body: { name } })),
      meta: { quiet: true },
      onSuccess: fresh,
    }),
    password: useMutation({
      mutationFn: (body: { current: string; next: string }) => ok(api.POST("/api/me/password", { body })),
      meta: { quiet: true },
      onSuccess: fresh,
    }),
    end: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/me/sessions/{id}", at(id))),
      onSuccess: fresh,
    }),
    endAll: useMutation({
      mutationFn: () => ok(api.DELETE("/api/sessions")),
      onSuccess: () => cache.clear(),
    }),
  };
}

export function useHealth(on: boolean) {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => ok(api.GET("/api/health", { signal })),
    enabled: on,
    refetchInterval: 10_000,
  });
}

export type Tuning = NonNullable<Got<"/api/tunings">["items"]>[number];

// useTunings are the rounds of learning; while one is under way it is asked again.
export function useTunings(on: boolean) {
  return useQuery({
    queryKey: ["tunings"],
    queryFn: ({ signal }) => ok(api.GET("/api/tunings", { signal })),
    enabled: on,
    refetchInterval: (q) => ((q.state.data?.items ?? []).some((x) => x.state === "waiting") ? 1500 : false),
  });
}

export function useTuningActs() {
  const cache = useQueryClient();
  const fresh = () => void cache.invalidateQueries({ queryKey: ["tunings"] });
  return {
    start: useMutation({ mutationFn: () => ok(api.POST("/api/tunings")), onSuccess: fresh }),
    use: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/tunings/{id}/use", at(id))),
      onSuccess: fresh,
    }),
    leave: useMutation({ mutationFn: () => ok(api.POST("/api/tunings/leave")), onSuccess: fresh }),
  };
}
