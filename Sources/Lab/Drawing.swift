// SPDX-License-Identifier: Apache-2.0

import Values

extension LabRunner {
  /// An SVG of a topology's hosts, links and addresses.
  package static func draw(_ topology: Topology) -> String {
    Drawing(topology).svg
  }
}

/// Draws a topology: machines as boxes, the management network as rails above them, links with their
/// interfaces and addresses at both ends.
struct Drawing {
  /// How far a cable runs straight out of its port, beside its labels.
  private static let stub = 40

  private let topology: Topology
  private let layout: DrawingLayout

  init(_ topology: Topology) {
    self.topology = topology
    layout = DrawingLayout(topology)
  }

  var svg: String {
    let size = "\(layout.width) \(layout.height)"
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(size)" width="\#(layout.width)" height="\#(layout.height)" font-family="sans-serif" font-size="12">"#,
      "<title>\(Self.escaped(topology.name))</title>",
      Self.style,
      #"<rect width="100%" height="100%" fill="white"/>"#,
    ]
    lines += header + management + layout.cables.map(path) + layout.boxes.flatMap(box)
    lines += layout.cables.flatMap { label($0.first) + label($0.second) + area(of: $0) }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  private static let style = """
    <style>
      .rail { stroke: #7b93ad; stroke-width: 4; stroke-linecap: round; fill: none }
      .drop { stroke: #7b93ad; stroke-width: 2; fill: none }
      .cable { stroke: #2f6f4f; stroke-width: 2; fill: none; stroke-linejoin: round }
      .switch { fill: #e3f1f4; stroke: #1f7a8c; stroke-width: 2 }
      .right { text-anchor: end }
      .middle { text-anchor: middle }
      .host { fill: #f4f7fb; stroke: #3d5a78; stroke-width: 1.5 }
      .name { font-size: 15px; font-weight: bold; fill: #16222e }
      .address { font-family: monospace; fill: #16222e }
      .quiet { font-size: 11px; fill: #5a6b7c }
      .end { font-family: monospace; font-size: 11px; fill: #1f4d37 }
      .over { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
    </style>
    """

  private var header: [String] {
    [
      text(topology.name, "name", x: DrawingLayout.margin, y: 32),
      text(
        "management \(topology.management), operator \(topology.operatorAddress)",
        "quiet",
        x: DrawingLayout.margin,
        y: 52
      ),
    ]
  }

  /// The trunks at the sides, with a line to every machine.
  private var management: [String] {
    let machines = layout.boxes.filter { $0.node.machine != nil }
    let middles = machines.map { $0.y + layout.boxHeight / 2 } + layout.rails.values
    guard let top = middles.min(), let left = layout.trunks.first else { return [] }
    var lines = layout.trunks.map { x in
      #"<path class="rail" d="M\#(x) \#(top)V\#(layout.trunkFoot)"/>"#
    }
    let foot = layout.trunkFoot
    let right = layout.trunks.count > 1 ? layout.trunks[1] : left + 160
    lines.append(#"<path class="rail" d="M\#(left) \#(foot)H\#(right)"/>"#)
    for box in machines {
      guard let machine = box.node.machine else { continue }
      let y = box.y + layout.boxHeight / 2
      let address = machine.address.description
      switch box.side {
      case .left:
        lines.append(#"<path class="drop" d="M\#(left) \#(y)H\#(box.x)"/>"#)
        lines.append(text(address, "end", x: left + 10, y: y - 6))
      case .right:
        lines.append(#"<path class="drop" d="M\#(box.x + box.width) \#(y)H\#(right)"/>"#)
        lines.append(text(address, "end right", x: right - 10, y: y - 6))
      case .top:
        guard let rail = layout.rails[box.row] else { continue }
        let x = box.x + DrawingLayout.managementInset
        lines.append(#"<path class="drop" d="M\#(left) \#(rail)H\#(x)V\#(box.y)"/>"#)
        lines.append(text(address, "end over", x: x + 6, y: rail + 16))
      }
    }
    return lines
  }

  /// What a machine's box says below its name.
  static func lines(about machine: Machine) -> [String] {
    let userland = machine.userland
    var about =
      "\(userland.distribution.rawValue) \(userland.release) \(userland.debianArchitecture)"
    if let memory = machine.memory { about += ", \(memory >> 20) MiB" }
    var part: [String] = []
    if machine.system == .eos { part.append("EOS") }
    if machine.isOperator { part.append("operator's place") }
    return machine.loopbacks.map { "lo \($0)" }
      + (part.isEmpty ? [] : [part.joined(separator: ", ")])
      + [about]
  }

  private func box(_ box: DrawingLayout.Box) -> [String] {
    guard let machine = box.node.machine else { return segment(box) }
    let left = box.x + 16
    var lines = [
      #"<rect class="\#(machine.system == .eos ? "switch" : "host")" x="\#(box.x)" y="\#(box.y)" width="\#(box.width)" height="\#(layout.boxHeight)" rx="6"/>"#,
      text(machine.name, "name", x: left, y: box.y + 25),
    ]
    for (index, line) in Self.lines(about: machine).enumerated() {
      let style = line.hasPrefix("lo ") ? "address" : "quiet"
      lines.append(text(line, style, x: left, y: box.y + 45 + 18 * index))
    }
    return lines
  }

  private func segment(_ box: DrawingLayout.Box) -> [String] {
    [
      #"<rect class="host" x="\#(box.x)" y="\#(box.y)" width="\#(box.width)" height="\#(layout.boxHeight)" rx="24"/>"#,
      text(box.node.name, "quiet", x: box.x + 14, y: box.y + 42),
    ]
  }

  private func path(_ cable: DrawingLayout.Cable) -> String {
    let (first, second) = (cable.first, cable.second)
    if first.isOnTop == second.isOnTop {
      // Two machines of one row: a bow below them.
      let low = first.y + Self.stub + 20
      return
        #"<path class="cable" d="M\#(first.x) \#(first.y)V\#(low - 8)Q\#(first.x) \#(low) \#(first.x + 8) \#(low)H\#(second.x - 8)Q\#(second.x) \#(low) \#(second.x) \#(low - 8)V\#(second.y)"/>"#
    }
    let (upper, lower) = first.isOnTop ? (second, first) : (first, second)
    guard upper.x != lower.x else {
      return #"<path class="cable" d="M\#(upper.x) \#(upper.y)V\#(lower.y)"/>"#
    }
    return
      #"<path class="cable" d="M\#(upper.x) \#(upper.y)V\#(upper.y + Self.stub)L\#(lower.x) \#(lower.y - Self.stub)V\#(lower.y)"/>"#
  }

  private func label(_ port: DrawingLayout.Port) -> [String] {
    let y = port.isOnTop ? port.y - 20 : port.y + 15
    guard let end = port.end else { return [] }
    var lines = [text(end.interface, "end over", x: port.x + 6, y: y)]
    if let address = end.address {
      lines.append(text(address.description, "end over", x: port.x + 6, y: y + 14))
    }
    return lines
  }

  /// In the middle of a cable over which two routers speak OSPF: where that is.
  private func area(of cable: DrawingLayout.Cable) -> [String] {
    let areas = [cable.first, cable.second].map { port in
      port.end.flatMap { topology.machine(named: $0.machine)?.area(of: $0) }
    }
    guard let area = areas[0], area == areas[1], cable.first.isOnTop != cable.second.isOnTop else {
      return []
    }
    return [
      text(
        "OSPF area \(area)",
        "quiet over middle",
        x: (cable.first.x + cable.second.x) / 2,
        y: (cable.first.y + cable.second.y) / 2 + 4
      )
    ]
  }

  private func text(_ text: String, _ style: String, x: Int, y: Int) -> String {
    #"<text class="\#(style)" x="\#(x)" y="\#(y)">\#(Self.escaped(text))</text>"#
  }

  /// Text as XML's character data and attribute values take it.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // XML 1.0 has no way to write the other control characters.
      case "\t", "\n", "\r", " "...: escaped.unicodeScalars.append(scalar)
      default: escaped += "\u{FFFD}"
      }
    }
    return escaped
  }
}

extension Machine {
  /// The area in which an interface may have neighbours; nil where it has none.
  fileprivate func area(of end: LinkEnd) -> IPv4Address? {
    guard let ospf, let address = end.address,
      ospf.interfaces.contains(where: { $0.name == end.interface })
    else { return nil }
    return ospf.networks.first { $0.prefix.contains(address.address) }?.area
  }
}
