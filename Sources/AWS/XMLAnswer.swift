// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values
import XMLCoder

/// The XML that EC2 and STS answer with.
enum XMLAnswer {
  /// - Throws: `Failure` (`step`) for anything that is not that XML.
  static func decode<Value: Decodable>(
    _ type: Value.Type,
    from bytes: [UInt8]
  ) throws -> Value {
    // No answer of AWS has a document type; entities, which grow without bound, are declared in one.
    guard !contains("<!DOCTYPE", bytes), !contains("<!ENTITY", bytes) else {
      throw Failure(.step, "the answer is XML with a document type, which AWS never sends")
    }
    // The parser recurses for each level; AWS's deepest answer has about ten.
    guard depth(bytes) <= 64 else { throw Failure(.step, "the answer's XML is nested too deeply") }
    do {
      // Trimming would also take the spaces around an entity in the middle of a value.
      let decoder = XMLDecoder(trimValueWhitespaces: false, removeWhitespaceElements: true)
      // STS writes AccessKeyId where EC2 writes instanceId.
      decoder.keyDecodingStrategy = .convertFromCapitalized
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      throw Failure(
        .step,
        "the answer is not the XML that was asked for",
        why: String(String(describing: error).prefix(300)),
        remedy: "see whether a proxy or a portal answers in AWS's place"
      )
    }
  }

  private static func contains(_ word: StaticString, _ bytes: [UInt8]) -> Bool {
    let pattern = Array("\(word)".utf8)
    return bytes.indices.contains { start in
      bytes[start] == pattern[0] && bytes[start...].starts(with: pattern)
    }
  }

  /// How deep elements lie at most.
  private static func depth(_ bytes: [UInt8]) -> Int {
    var depth = 0
    var deepest = 0
    for (index, byte) in bytes.enumerated().dropLast() {
      let next = bytes[index + 1]
      if byte == UInt8(ascii: "<") {
        if next == UInt8(ascii: "/") {
          depth -= 1
        } else if next != UInt8(ascii: "?"), next != UInt8(ascii: "!") {
          depth += 1
        }
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: ">") {
        depth -= 1
      }
      deepest = max(deepest, depth)
    }
    return deepest
  }
}
