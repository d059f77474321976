// SPDX-License-Identifier: Apache-2.0

import Values

/// Where everything of a drawing goes, in pixels from the top left.
///
/// Machines lie in rows: a group of linked machines from its centre outwards, so that the border of a
/// network comes out above its leaves, and machines without links in rows of their own below.
struct DrawingLayout: Equatable {
  /// Where a machine's management interface is plugged in.
  enum Side: Equatable {
    case left
    case right
    case top
  }

  struct Box: Equatable {
    var side: Side
    var node: DrawingGraph.Node
    var row: Int
    var x: Int
    var y: Int
    var width: Int
  }

  /// One end of a link: on the upper or lower side of a box.
  struct Port: Equatable {
    /// Nil at a shared segment.
    var end: LinkEnd?
    var x: Int
    var y: Int
    var isOnTop: Bool
  }

  struct Cable: Equatable {
    var first: Port
    var second: Port
  }

  static let margin = 24
  static let boxGap = 48
  /// From the top of the drawing to the first row: the title.
  static let header = 72
  /// From a row's rail of the management network to its boxes.
  static let drop = 56
  /// From a row's boxes to the next, with room for cables that cross and their labels.
  static let rowGap = 112
  /// What a link's labels need: `eth1`, `255.255.255.255/31`.
  static let portWidth = 136
  /// Where on a box's upper side the management interface is plugged in, if it is not on its side.
  static let managementInset = 28
  /// From a trunk of the management network to the widest row, with room for addresses.
  private static let trunkGap = 128
  private static let leastBoxWidth = 184
  private static let machinesInRow = 6

  private(set) var boxes: [Box] = []
  private(set) var cables: [Cable] = []
  private(set) var width = 0
  private(set) var height = 0
  private(set) var boxHeight = 0
  /// The heights of the rails above rows that have machines which neither trunk is beside, by row.
  private(set) var rails: [Int: Int] = [:]
  /// Where the trunks of the management network stand, left and, where rows have two ends, right.
  private(set) var trunks: [Int] = []
  /// Where the trunks are joined.
  private(set) var trunkFoot = 0

  init(_ topology: Topology) {
    let graph = DrawingGraph(topology)
    let rows = DrawingRows(graph, machinesInRow: Self.machinesInRow)
    let lines = topology.machines.map { Drawing.lines(about: $0).count }.max() ?? 0
    boxHeight = 40 + 18 * lines
    place(rows, graph)
    connect(graph)
  }

  private mutating func place(_ rows: DrawingRows, _ graph: DrawingGraph) {
    let sizes = rows.rows.enumerated().map { index, names in
      names.compactMap { name in
        graph.nodes.first { $0.name == name }.map { ($0, Self.width($0, row: index, rows, graph)) }
      }
    }
    let rowWidths = sizes.map { row in
      row.reduce(0) { $0 + $1.1 } + Self.boxGap * max(0, row.count - 1)
    }
    let widest = rowWidths.max() ?? 0
    let left = Self.margin + Self.trunkGap
    let hasRight = sizes.contains { $0.count > 1 }
    trunks = [Self.margin] + (hasRight ? [left + widest + Self.trunkGap] : [])
    width = max((trunks.last ?? 0) + (hasRight ? 0 : left + widest) + Self.margin, 480)
    var y = Self.header
    for (index, row) in sizes.enumerated() {
      if row.count > 2 {
        rails[index] = y
        y += Self.drop
      }
      var x = left + (widest - rowWidths[index]) / 2
      for (position, (node, width)) in row.enumerated() {
        let isLast = position == row.count - 1
        let side: Side = position == 0 ? .left : isLast ? .right : .top
        boxes.append(Box(side: side, node: node, row: index, x: x, y: y, width: width))
        x += width + Self.boxGap
      }
      y += boxHeight + Self.rowGap
    }
    let hasLowerLinks = boxes.contains { box in
      box.row == sizes.count - 1
        && graph.edges.contains { edge in
          Set(edge.ends.map { rows.row(of: $0.node) }) == [box.row]
        }
    }
    trunkFoot = y - (hasLowerLinks ? 0 : Self.rowGap - 32)
    height = trunkFoot + Self.margin + 16
  }

  private static func width(
    _ node: DrawingGraph.Node,
    row: Int,
    _ rows: DrawingRows,
    _ graph: DrawingGraph
  ) -> Int {
    var above = 0
    var below = 0
    for edge in graph.edges {
      guard let other = edge.other(than: node.name) else { continue }
      if rows.row(of: other.node) < row { above += 1 } else { below += 1 }
    }
    // The upper side may have the management interface to the left of its links.
    let isInner = rows.rows[row].count > 2
    let inset = above > 0 && isInner ? managementInset * 2 : 0
    let ports = max(above * portWidth + inset, below * portWidth)
    return max(leastBoxWidth, node.name.utf8.count * 10 + 32, ports)
  }

  private mutating func connect(_ graph: DrawingGraph) {
    let boxOf = Dictionary(boxes.map { ($0.node.name, $0) }) { first, _ in first }
    /// Every end of every edge that is on one side of a box, ordered by where its cable leads.
    func ports(of box: Box, onTop: Bool) -> [(edge: Int, end: LinkEnd?)] {
      var found: [(edge: Int, end: LinkEnd?, target: Int)] = []
      for (index, edge) in graph.edges.enumerated() {
        guard let own = edge.ends.first(where: { $0.node == box.node.name }),
          let other = edge.other(than: own.node),
          let target = boxOf[other.node], (target.row < box.row) == onTop
        else { continue }
        found.append((index, own.plug, target.x + target.width / 2))
      }
      return found.sorted { ($0.target, $0.edge) < ($1.target, $1.edge) }.map { ($0.edge, $0.end) }
    }
    var placed: [Int: [Port]] = [:]
    for box in boxes {
      for onTop in [true, false] {
        let ends = ports(of: box, onTop: onTop)
        let inset = onTop && box.side == .top ? Self.managementInset * 2 : 0
        for (position, item) in ends.enumerated() {
          let slot = (box.width - inset) / ends.count
          let x = box.x + inset + slot * position + slot / 2
          let y = onTop ? box.y : box.y + boxHeight
          placed[item.edge, default: []].append(
            Port(end: item.end, x: x, y: y, isOnTop: onTop)
          )
        }
      }
    }
    for index in graph.edges.indices {
      guard let ports = placed[index], ports.count == 2 else { continue }
      cables.append(Cable(first: ports[0], second: ports[1]))
    }
  }
}
