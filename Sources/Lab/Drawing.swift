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
    lines += layout.cables.flatMap { label($0.first) + label($0.second) }
    return (lines + ["</svg>"]).joined(separator: "\n")
  }

  private static let style = """
    <style>
      .rail { stroke: #7b93ad; stroke-width: 4; stroke-linecap: round; fill: none }
      .drop { stroke: #7b93ad; stroke-width: 2; fill: none }
      .cable { stroke: #2f6f4f; stroke-width: 2; fill: none; stroke-linejoin: round }
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

  private var management: [String] {
    var lines: [String] = []
    if let top = layout.rails.first, let bottom = layout.rails.last, top != bottom {
      lines.append(#"<path class="rail" d="M\#(layout.trunk) \#(top)V\#(bottom)"/>"#)
    }
    for (row, rail) in layout.rails.enumerated() {
      let boxes = layout.boxes.filter { $0.row == row }
      let end = boxes.map(plug).max() ?? layout.trunk
      lines.append(#"<path class="rail" d="M\#(layout.trunk) \#(rail)H\#(end)"/>"#)
      for box in boxes {
        lines.append(#"<path class="drop" d="M\#(plug(box)) \#(rail)V\#(box.y)"/>"#)
      }
    }
    return lines
  }

  private func plug(_ box: DrawingLayout.Box) -> Int { box.x + DrawingLayout.managementInset }

  private func box(_ box: DrawingLayout.Box) -> [String] {
    let userland = box.machine.userland
    var about =
      "\(userland.distribution.rawValue) \(userland.release) \(userland.debianArchitecture)"
    if let memory = box.machine.memory { about += ", \(memory >> 20) MiB" }
    let left = box.x + 14
    return [
      #"<rect class="host" x="\#(box.x)" y="\#(box.y)" width="\#(box.width)" height="\#(DrawingLayout.boxHeight)" rx="6"/>"#,
      text(box.machine.name, "name", x: left, y: box.y + 24),
      text(box.machine.address.description, "address", x: left, y: box.y + 42),
      text(about, "quiet", x: left, y: box.y + 60),
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
    return
      #"<path class="cable" d="M\#(upper.x) \#(upper.y)V\#(upper.y + Self.stub)L\#(lower.x) \#(lower.y - Self.stub)V\#(lower.y)"/>"#
  }

  private func label(_ port: DrawingLayout.Port) -> [String] {
    let y = port.isOnTop ? port.y - 20 : port.y + 15
    var lines = [text(port.end.interface, "end over", x: port.x + 6, y: y)]
    if let address = port.end.address {
      lines.append(text(address.description, "end over", x: port.x + 6, y: y + 14))
    }
    return lines
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
