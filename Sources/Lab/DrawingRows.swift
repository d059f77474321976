// SPDX-License-Identifier: Apache-2.0

/// Which node goes in which row of a drawing.
///
/// A group of linked nodes goes from its centre downwards, but what hangs on the centre alone, such as the
/// operator's machine at a border, comes above it.
struct DrawingRows: Equatable {
  private(set) var rows: [[String]] = []
  private var rowOf: [String: Int] = [:]

  init(_ graph: DrawingGraph, machinesInRow: Int) {
    var neighbours: [String: [String]] = [:]
    for edge in graph.edges {
      neighbours[edge.first.node, default: []].append(edge.second.node)
      neighbours[edge.second.node, default: []].append(edge.first.node)
    }
    let order = graph.nodes.map(\.name)
    var isPlaced: Set<String> = []
    for name in order where neighbours[name] != nil && !isPlaced.contains(name) {
      let group = order.filter(Set(Self.distances(from: name, neighbours).keys).contains)
      isPlaced.formUnion(group)
      let centre = Self.centre(of: group, neighbours)
      let distances = Self.distances(from: centre, neighbours)
      func hangsOnCentre(_ member: String) -> Bool {
        distances[member] == 1 && Set(neighbours[member] ?? []).count == 1
      }
      let leadsOn = group.contains { distances[$0] == 1 && !hangsOnCentre($0) }
      let above = leadsOn ? Set(group.filter(hangsOnCentre)) : []
      let offset = above.isEmpty ? 0 : 1
      for member in group {
        let row = above.contains(member) ? 0 : (distances[member] ?? 0) + offset
        while rows.count <= row { rows.append([]) }
        rows[row].append(member)
      }
    }
    sort(by: neighbours)
    let alone = order.filter { neighbours[$0] == nil }
    for start in stride(from: 0, to: alone.count, by: machinesInRow) {
      rows.append(Array(alone[start..<min(start + machinesInRow, alone.count)]))
    }
    for (index, row) in rows.enumerated() {
      for name in row { rowOf[name] = index }
    }
  }

  /// The row of a machine; 0 for one that is not in the topology.
  func row(of machine: String) -> Int { rowOf[machine] ?? 0 }

  /// Puts each row in the order of the machines above that it hangs on, so that few cables cross.
  private mutating func sort(by neighbours: [String: [String]]) {
    for index in rows.indices.dropFirst() {
      let above = Dictionary(uniqueKeysWithValues: rows[index - 1].enumerated().map { ($1, $0) })
      /// The mean place of the machines above, in thousandths.
      func place(_ name: String) -> Int {
        let places = (neighbours[name] ?? []).compactMap { above[$0] }
        return places.isEmpty ? .max : places.reduce(0, +) * 1000 / places.count
      }
      rows[index] = rows[index].enumerated()
        .sorted { (place($0.element), $0.offset) < (place($1.element), $1.offset) }
        .map(\.element)
    }
  }

  /// The machine from which the farthest is nearest; the first of several.
  private static func centre(of group: [String], _ neighbours: [String: [String]]) -> String {
    let scored = group.map { ($0, distances(from: $0, neighbours).values.max() ?? 0) }
    return scored.min { $0.1 < $1.1 }?.0 ?? ""
  }

  /// How many links away from `start` each machine is that can be reached.
  private static func distances(
    from start: String,
    _ neighbours: [String: [String]]
  ) -> [String: Int] {
    var distances = [start: 0]
    var front = [start]
    while !front.isEmpty {
      var next: [String] = []
      for name in front {
        for neighbour in neighbours[name] ?? [] where distances[neighbour] == nil {
          distances[neighbour] = (distances[name] ?? 0) + 1
          next.append(neighbour)
        }
      }
      front = next
    }
    return distances
  }
}
