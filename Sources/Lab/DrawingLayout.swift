// SPDX-License-Identifier: Apache-2.0

import Values

/// Where everything of a drawing goes, in pixels from the top left.
///
/// Machines lie in rows: a group of linked machines from its centre outwards, so that the border of a
/// network comes out above its leaves, and machines without links in rows of their own below.
struct DrawingLayout: Equatable {
  struct Box: Equatable {
    var machine: Machine
    var row: Int
    var x: Int
    var y: Int
    var width: Int
  }

  /// One end of a link: on the upper or lower side of a box.
  struct Port: Equatable {
    var end: LinkEnd
    var x: Int
    var y: Int
    var isOnTop: Bool
  }

  struct Cable: Equatable {
    var first: Port
    var second: Port
  }

  static let margin = 24
  static let boxHeight = 72
  static let boxGap = 28
  /// From the top of the drawing to the first row's rail: the title.
  static let header = 72
  /// From a row's rail of the management network to its boxes.
  static let drop = 56
  /// From a row's boxes to the next rail, with room for cables that cross and their labels.
  static let rowGap = 76
  /// What a link's labels need: `eth1`, `255.255.255.255/31`.
  static let portWidth = 136
  /// Where on a box's upper side the management interface is plugged in.
  static let managementInset = 28
  private static let leastBoxWidth = 168
  private static let machinesInRow = 6

  private(set) var boxes: [Box] = []
  private(set) var cables: [Cable] = []
  private(set) var width = 0
  private(set) var height = 0
  /// The rails' heights, a row each.
  private(set) var rails: [Int] = []
  /// Where the trunk that joins the rails stands.
  let trunk = Self.margin

  init(_ topology: Topology) {
    let rows = DrawingRows(topology, machinesInRow: Self.machinesInRow)
    place(rows, in: topology)
    connect(topology)
  }

  private mutating func place(_ rows: DrawingRows, in topology: Topology) {
    let sizes = rows.rows.enumerated().map { index, names in
      names.compactMap { name in
        topology.machine(named: name).map { ($0, Self.boxWidth($0, row: index, rows, topology)) }
      }
    }
    let rowWidths = sizes.map { row in
      row.reduce(0) { $0 + $1.1 } + Self.boxGap * max(0, row.count - 1)
    }
    let widest = rowWidths.max() ?? 0
    var y = Self.header
    for (index, row) in sizes.enumerated() {
      rails.append(y)
      y += Self.drop
      var x = trunk + 24 + (widest - rowWidths[index]) / 2
      for (machine, width) in row {
        boxes.append(Box(machine: machine, row: index, x: x, y: y, width: width))
        x += width + Self.boxGap
      }
      y += Self.boxHeight + Self.rowGap
    }
    let hasLowerLinks = boxes.contains { box in
      box.row == sizes.count - 1
        && topology.links.contains { link in
          let rowsOfEnds = Set(link.ends.map { rows.row(of: $0.machine) })
          return rowsOfEnds == [box.row]
        }
    }
    height = y - (hasLowerLinks ? 0 : Self.rowGap) + Self.margin
    width = max(trunk + 24 + widest + Self.margin, 480)
  }

  private static func boxWidth(
    _ machine: Machine,
    row: Int,
    _ rows: DrawingRows,
    _ topology: Topology
  ) -> Int {
    var above = 0
    var below = 0
    for link in topology.links {
      guard let other = link.other(than: machine.name) else { continue }
      if rows.row(of: other.machine) < row { above += 1 } else { below += 1 }
    }
    // The upper side has the management interface to the left of its links.
    let ports = max(above * portWidth + (above > 0 ? managementInset * 2 : 0), below * portWidth)
    return max(leastBoxWidth, machine.name.utf8.count * 10 + 32, ports)
  }

  private mutating func connect(_ topology: Topology) {
    let boxOf = Dictionary(boxes.map { ($0.machine.name, $0) }) { first, _ in first }
    /// Every end of every link that is on one side of a box, ordered by where its cable leads.
    func ports(of box: Box, onTop: Bool) -> [(link: Int, end: LinkEnd)] {
      var found: [(link: Int, end: LinkEnd, target: Int)] = []
      for (index, link) in topology.links.enumerated() {
        guard let own = link.end(at: box.machine.name), let other = link.other(than: own.machine),
          let target = boxOf[other.machine], (target.row < box.row) == onTop
        else { continue }
        found.append((index, own, target.x + target.width / 2))
      }
      return found.sorted { ($0.target, $0.link) < ($1.target, $1.link) }.map { ($0.link, $0.end) }
    }
    var placed: [Int: [Port]] = [:]
    for box in boxes {
      for onTop in [true, false] {
        let ends = ports(of: box, onTop: onTop)
        let inset = onTop ? Self.managementInset * 2 : 0
        for (position, item) in ends.enumerated() {
          // Evenly spread; the labels stand to the right of the port.
          let slot = (box.width - inset) / ends.count
          let x = box.x + inset + slot * position + max(12, (slot - Self.portWidth) / 2 + 12)
          let y = onTop ? box.y : box.y + Self.boxHeight
          placed[item.link, default: []].append(
            Port(end: item.end, x: x, y: y, isOnTop: onTop)
          )
        }
      }
    }
    for index in topology.links.indices {
      guard let ports = placed[index], ports.count == 2 else { continue }
      cables.append(Cable(first: ports[0], second: ports[1]))
    }
  }
}

extension Link {
  /// The end at `machine`, if the link has one there.
  func end(at machine: String) -> LinkEnd? { ends.first { $0.machine == machine } }

  /// The far end as seen from `machine`; nil where the link does not reach it.
  func other(than machine: String) -> LinkEnd? {
    end(at: machine) == nil ? nil : ends.first { $0.machine != machine }
  }
}
