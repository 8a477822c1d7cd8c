// As much of topojson-client as we use; it brings no types.
declare module "topojson-client" {
  export interface Topology {
    objects: Record<string, unknown>;
  }
  export interface Geometry {
    type: "Feature" | "FeatureCollection" | "MultiLineString" | "MultiPolygon" | "Polygon";
    coordinates?: unknown;
    features?: {
      geometry: { type: "Polygon" | "MultiPolygon"; coordinates: number[][][] | number[][][][] };
    }[];
  }
  export function feature(topology: Topology, object: unknown): Geometry;
  export function mesh(
    topology: Topology,
    object: unknown,
    filter?: (a: unknown, b: unknown) => boolean,
  ): { coordinates: number[][][] };
}

declare module "world-atlas/countries-50m.json" {
  const topology: import("topojson-client").Topology;
  export default topology;
}
