// SPDX-License-Identifier: Apache-2.0

package import Values

/// The contents of a file of which the host itself knows parts.
struct LateContent {
  private enum Piece {
    case bytes([UInt8])
    case value(LateValue)
  }

  private var pieces: [Piece] = []

  private static let placeholders = LateValue.allCases.map { ($0, Array($0.placeholder.utf8)) }

  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    var plain: [UInt8] = []
    while let first = rest.first {
      let found =
        first == UInt8(ascii: "_")
        ? Self.placeholders.first { rest.starts(with: $0.1) } : nil
      guard let (value, placeholder) = found else {
        plain.append(first)
        rest.removeFirst()
        continue
      }
      if !plain.isEmpty { pieces.append(.bytes(plain)) }
      plain = []
      pieces.append(.value(value))
      rest = rest.dropFirst(placeholder.count)
    }
    if !plain.isEmpty { pieces.append(.bytes(plain)) }
  }

  /// The values that the host has to find out.
  var values: Set<LateValue> {
    Set(
      pieces.compactMap { piece in
        if case .value(let value) = piece { value } else { nil }
      }
    )
  }

  /// A command that prints the contents, where every value is a variable of the shell.
  var printing: String {
    var words = ""
    for piece in pieces {
      switch piece {
      case .value(let value): words += "\"$\(value.variable)\""
      case .bytes(let bytes):
        guard let word = ShellContent.word(bytes) else { return everyPiece }
        words += word
      }
    }
    return "printf '%s' \(words.isEmpty ? "''" : words)"
  }

  /// The same where some bytes are no text.
  private var everyPiece: String {
    let commands = pieces.map { piece in
      switch piece {
      case .value(let value): "printf '%s' \"$\(value.variable)\""
      case .bytes(let bytes): ShellContent.printing(bytes)
      }
    }
    return "{\n" + commands.joined(separator: " &&\n") + "\n}"
  }

  /// The contents with the values in their places; nil where one is missing.
  func filled(with known: [LateValue: String]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .bytes(let plain): bytes += plain
      case .value(let value):
        guard let text = known[value] else { return nil }
        bytes += text.utf8
      }
    }
    return bytes
  }
}

extension File {
  /// The values that the host has to find out before it can write the file.
  package var lateValues: Set<LateValue> { LateContent(bytes).values }

  /// The file as it is on a host of which these values are known.
  /// - Throws: `Failure` (`internalError`) where it needs another.
  package func filled(with known: [LateValue: String]) throws -> File {
    let content = LateContent(bytes)
    guard !content.values.isEmpty else { return self }
    guard let bytes = content.filled(with: known) else {
      let missing = content.values.subtracting(known.keys).map(\.rawValue).sorted()
      throw Failure(
        .internalError,
        "\(path) needs \(missing.joined(separator: ", ")), which nobody found out"
      )
    }
    var file = self
    file.content =
      if case .secret = self.content { .secret(Sensitive(bytes)) } else { .open(bytes) }
    return file
  }
}

extension Resource {
  /// The resource as it is on a host of which these values are known; only files have any.
  /// - Throws: as `File.filled`.
  package func filled(with known: [LateValue: String]) throws -> Resource {
    guard case .file(let file) = self else { return self }
    return .file(try file.filled(with: known))
  }
}
