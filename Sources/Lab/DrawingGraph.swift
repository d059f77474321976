// SPDX-License-Identifier: Apache-2.0

/// What a drawing is of: machines and shared segments as nodes, links as edges between two of them.
struct DrawingGraph: Equatable {
  struct Node: Equatable {
    /// A machine's name, or a segment's: with a space, which no machine's has.
    var name: String
    /// Nil for a segment.
    var machine: Machine?
  }

  struct End: Equatable {
    var node: String
    /// Nil where the edge meets a segment.
    var plug: LinkEnd?
  }

  struct Edge: Equatable {
    var first: End
    var second: End

    var ends: [End] { [first, second] }

    /// The far end as seen from `node`; nil where the edge does not reach it.
    func other(than node: String) -> End? {
      if first.node == node { return second }
      return second.node == node ? first : nil
    }
  }

  private(set) var nodes: [Node]
  private(set) var edges: [Edge] = []

  init(_ topology: Topology) {
    nodes = topology.machines.map { Node(name: $0.name, machine: $0) }
    for (number, link) in topology.links.enumerated() {
      let ends = link.ends.map { End(node: $0.machine, plug: $0) }
      if link.isCable {
        edges.append(Edge(first: ends[0], second: ends[1]))
      } else {
        let hub = "segment \(number + 1)"
        nodes.append(Node(name: hub))
        edges += ends.map { Edge(first: $0, second: End(node: hub)) }
      }
    }
  }
}
