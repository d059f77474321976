// SPDX-License-Identifier: Apache-2.0

import Values
import Yams

/// Reads a text as one YAML document.
enum YAMLDocument {
  /// - Returns: the document, or nil where the text holds none.
  /// - Throws: `YAMLFault` for what is not YAML, or uses what a spec has no need for: tags, keys that
  ///   are no text, aliases within anchors.
  static func parse(_ text: String, file: String) throws(YAMLFault) -> YAMLNode? {
    var source = try YAMLSource(text, file: file)
    while true {
      let failed: YamlError
      do {
        // Without rules nothing is guessed from a value's look, here or at the keys' comparison.
        let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
        guard let root = try parser.singleRoot() else { return nil }
        // The nodes hold their anchors weakly.
        let result = withExtendedLifetime(parser) {
          Result<YAMLNode, YAMLFault> { () throws(YAMLFault) in
            var composer = YAMLComposer(source: source)
            return try composer.compose(root)
          }
        }
        let node = try result.get()
        return node.isNull ? nil : node
      } catch let fault as YAMLFault {
        throw fault
      } catch let error as YamlError {
        failed = error
      } catch {
        throw YAMLFault(at: source.start, "is not YAML: \(error)")
      }
      guard case .duplicatedKeysInMapping(let keys, let context) = failed,
        keys.contains(where: { source.maskKey($0, at: context.mark) })
      else { throw YAMLFault(failed, in: source) }
    }
  }
}

/// Turns the parser's nodes into ours, in the order of the file.
private struct YAMLComposer {
  /// Nodes that a document may grow to by its aliases.
  private static let maximumNodes = 200_000

  let source: YAMLSource
  private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
  private var count = 0
  private var aliasCount = 0

  init(source: YAMLSource) {
    self.source = source
  }

  mutating func compose(_ node: Node) throws(YAMLFault) -> YAMLNode {
    let position = source.position(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    let countBefore = count
    let aliasCountBefore = aliasCount
    let composed: YAMLNode
    switch node {
    case .scalar(let scalar):
      if scalar.style == .plain, scalar.string.unicodeScalars.first == YAMLSource.star {
        return try follow(String(scalar.string.unicodeScalars.dropFirst()), at: position)
      }
      composed = YAMLNode(position: position, content: .scalar(try read(scalar, at: position)))
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence { items.append(try compose(item)) }
      composed = YAMLNode(position: position, content: .sequence(items))
    case .mapping(let mapping):
      var entries: [YAMLEntry] = []
      for (key, value) in mapping { entries.append(try entry(key, value, in: position)) }
      composed = YAMLNode(position: position, content: .mapping(entries))
    case .alias:
      throw YAMLFault(at: position, "an alias that leads nowhere")
    }
    count += 1
    if let anchor = node.anchor {
      // Without this rule a few lines could grow without bound, in size and in depth.
      guard aliasCount == aliasCountBefore else {
        throw YAMLFault(at: position, "an anchor may not hold aliases itself")
      }
      anchors[anchor.rawValue] = (composed, count - countBefore)
    }
    return composed
  }

  private mutating func entry(
    _ key: Node,
    _ value: Node,
    in mapping: SourcePosition
  ) throws(YAMLFault) -> YAMLEntry {
    guard case .scalar(let scalar) = key, scalar.style != .plain || !isAlias(scalar) else {
      throw YAMLFault(
        at: key.mark.map { source.position(line: $0.line, column: $0.column) } ?? mapping,
        "a key must be plain text"
      )
    }
    let position = source.position(line: scalar.mark?.line ?? 1, column: scalar.mark?.column ?? 1)
    let name = source.restored(scalar.string)
    if name == "<<" { throw YAMLFault(at: position, "merge keys are not read: write the keys out") }
    return YAMLEntry(key: name, keyPosition: position, value: try compose(value))
  }

  private func isAlias(_ scalar: Node.Scalar) -> Bool {
    scalar.string.unicodeScalars.first == YAMLSource.star
  }

  private func read(
    _ scalar: Node.Scalar,
    at position: SourcePosition
  ) throws(YAMLFault) -> YAMLScalar {
    let tag = scalar.tag.description
    guard ["", "!", "tag:yaml.org,2002:str"].contains(tag) else {
      throw YAMLFault(at: position, "tags are not read: remove \(Excerpt.quoted(tag))")
    }
    return YAMLScalar(
      text: source.restored(scalar.string),
      isPlain: scalar.style == .plain && tag.isEmpty
    )
  }

  private mutating func follow(
    _ name: String,
    at position: SourcePosition
  ) throws(YAMLFault) -> YAMLNode {
    guard let target = anchors[name] else {
      throw YAMLFault(
        at: position,
        "no anchor is called \(Excerpt.quoted(name)) (a value that begins with '*' "
          + "needs quotes)"
      )
    }
    aliasCount += 1
    count += target.size
    guard count <= Self.maximumNodes else {
      throw YAMLFault(at: position, "the aliases grow to more than \(Self.maximumNodes) values")
    }
    return YAMLNode(position: position, content: target.node.content)
  }
}
