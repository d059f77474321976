// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Lab

@Suite struct DrawingTests {
  private static func topology(_ names: [String], _ links: [(String, String)] = []) -> Topology {
    var used: [String: Int] = [:]
    func end(_ name: String) -> LinkEnd {
      used[name, default: 0] += 1
      return LinkEnd(machine: name, interface: "eth\(used[name, default: 0])")
    }
    return Topology(
      name: "lab",
      management: CIDR(base: IPv4Address(raw: 0x0A00_0000), prefix: 24),
      machines: names.enumerated().map {
        Machine(name: $0.element, address: IPv4Address(raw: 0x0A00_000B + UInt32($0.offset)))
      },
      links: links.map { Link(end($0.0), end($0.1)) }
    )
  }

  @Test func rowsGoFromTheCentreOutwards() {
    let topology = Self.topology(
      ["leaf-1", "border", "leaf-2", "host-2", "host-1", "alone"],
      [("border", "leaf-1"), ("border", "leaf-2"), ("leaf-2", "host-2"), ("leaf-1", "host-1")]
    )
    let rows = DrawingRows(DrawingGraph(topology), machinesInRow: 6).rows
    #expect(rows == [["border"], ["leaf-1", "leaf-2"], ["host-1", "host-2"], ["alone"]])
  }

  /// A border's own host comes above it.
  @Test func whatHangsOnTheCentreIsAboveIt() {
    let topology = Self.topology(
      ["border", "leaf-1", "leaf-2", "operator", "host-1", "host-2"],
      [
        ("border", "operator"), ("border", "leaf-1"), ("border", "leaf-2"),
        ("leaf-1", "host-1"), ("leaf-2", "host-2"),
      ]
    )
    let rows = DrawingRows(DrawingGraph(topology), machinesInRow: 6).rows
    #expect(
      rows == [["operator"], ["border"], ["leaf-1", "leaf-2"], ["host-1", "host-2"]]
    )
  }

  @Test func machinesWithoutLinksWrap() {
    let rows = DrawingRows(
      DrawingGraph(Self.topology((1...8).map { "n\($0)" })),
      machinesInRow: 6
    ).rows
    #expect(rows.map(\.count) == [6, 2])
  }

  @Test func nothingOverlapsOrLeavesThePage() {
    let names = (0..<12).map { "m\($0)" }
    let links = (0..<30).map { index in
      let a = index % 12
      return (names[a], names[(a + 1 + index / 12) % 12])
    }
    let layout = DrawingLayout(Self.topology(names, links))
    #expect(layout.boxes.count == 12)
    #expect(layout.cables.count == 30)
    for (index, box) in layout.boxes.enumerated() {
      #expect(box.x >= 0 && box.x + box.width <= layout.width)
      #expect(box.y + layout.boxHeight <= layout.height)
      for other in layout.boxes[(index + 1)...] where other.y == box.y {
        #expect(other.x >= box.x + box.width || box.x >= other.x + other.width)
      }
    }
    let ports = layout.cables.flatMap {
      ["\($0.first.x),\($0.first.y)", "\($0.second.x),\($0.second.y)"]
    }
    #expect(Set(ports).count == 60)
  }

  @Test func showsNamesInterfacesAndAddresses() throws {
    var topology = Self.topology(["a", "b"], [("a", "b")])
    topology.links[0].ends[0].address = InterfaceAddress("10.0.0.0/31")
    topology.machines[0].memory = 2 << 30
    let svg = LabRunner.draw(topology)
    for text in [
      ">a<", ">b<", ">10.0.0.11<", ">eth1<", ">10.0.0.0/31<", "2048 MiB", "operator 10.0.0.1",
    ] {
      #expect(svg.contains(text), "\(text)")
    }
    #expect(svg.hasPrefix("<svg xmlns=") && svg.hasSuffix("</svg>"))
  }

  @Test func escapesText() {
    #expect(
      Drawing.escaped("<a href=\"x\">'&'</a>\u{1}")
        == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;\u{FFFD}"
    )
    var topology = Self.topology(["a"])
    topology.name = "<script>"
    #expect(!LabRunner.draw(topology).contains("<script>"))
  }
}
