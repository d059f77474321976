// SPDX-License-Identifier: Apache-2.0

/// The functions that a program may call, of which one that has to be small takes what it needs.
struct ShellLibrary {
  /// Statements, or the definition of one function with the comment above it.
  private struct Block {
    /// The function's; nil: statements, which every program needs.
    var name: String?
    var text: String
    var words: Set<Substring>

    init(_ name: String?, _ lines: [String]) {
      self.name = name
      text = lines.joined(separator: "\n")
      // What a comment names is not called.
      words = ShellLibrary.words(lines.filter { !$0.hasPrefix("#") }.joined(separator: "\n"))
    }
  }

  private let blocks: [Block]
  /// All of it, as it was given.
  let text: String

  /// Functions begin at the left margin, and end there with a brace, as all of ours do.
  init(_ chunks: [String]) {
    text = chunks.joined(separator: "\n\n")
    var blocks: [Block] = []
    for chunk in chunks {
      var lines: [String] = []
      var name: String?
      for line in chunk.byteLines {
        if name == nil {
          // A blank line ends statements, and so does a function without one before it.
          if let begun = Self.function(line) {
            if let code = lines.lastIndex(where: { !$0.hasPrefix("#") }) {
              blocks.append(Block(nil, Array(lines[...code])))
              lines.removeFirst(code + 1)
            }
            name = begun
          } else if line.isEmpty {
            if !lines.isEmpty { blocks.append(Block(nil, lines)) }
            lines = []
            continue
          }
        }
        lines.append(line)
        // Of one line, or up to a brace at the margin.
        let isWhole = line == "}" || (line.hasSuffix("}") && Self.function(line) != nil)
        if name != nil, isWhole {
          blocks.append(Block(name, lines))
          (name, lines) = (nil, [])
        }
      }
      if !lines.isEmpty { blocks.append(Block(name, lines)) }
    }
    self.blocks = blocks
  }

  /// What a program with these statements may come to call, without comments and indentation.
  func text(for program: String) -> String {
    var known = Self.words(program)
    var taken = Set<Int>()
    var grows = true
    while grows {
      grows = false
      for (index, block) in blocks.enumerated()
      where !taken.contains(index) && block.name.map({ known.contains($0[...]) }) ?? true {
        taken.insert(index)
        known.formUnion(block.words)
        grows = true
      }
    }
    return taken.sorted().map { index in
      blocks[index].text.byteLines.filter { !Self.isComment($0) }
        .map { String($0.drop { $0 == " " }) }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// Those for shellcheck are no remarks.
  private static func isComment(_ line: String) -> Bool {
    let text = line.drop { $0 == " " }
    return text.hasPrefix("#") && !text.hasPrefix("# shellcheck ")
  }

  /// The name of the function whose definition a line begins.
  private static func function(_ line: String) -> String? {
    guard let end = line.firstIndex(of: "("), line[end...].hasPrefix("() {") else { return nil }
    let name = line[..<end]
    return !name.isEmpty && name.utf8.allSatisfy(isWord) ? String(name) : nil
  }

  private static func words(_ text: String) -> Set<Substring> {
    Set(text.utf8.split { !isWord($0) }.map { Substring($0) })
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
