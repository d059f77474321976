// SPDX-License-Identifier: Apache-2.0

import Values

extension Form where Value == String {
  /// A DNS label, such as the cluster's name: it becomes a folder and a context's name.
  static var label: Self {
    name(
      TextFormat(
        "a name of lower-case letters, digits and dashes",
        example: "production",
        pattern: "^\(TextFormat.labelPattern)$",
        maximumLength: 63
      ),
      isValid: { NameSyntax.isLabel($0) }
    )
  }

  /// A node's name.
  ///
  /// It becomes the value of the label kubernetes.io/hostname: hence 63 and not 253.
  static var nodeName: Self {
    name(
      TextFormat(
        "a DNS name of lower-case letters, digits, dashes and dots",
        example: "node-1",
        pattern: "^\(TextFormat.subdomainPattern)$",
        maximumLength: 63
      ),
      isValid: { NameSyntax.isSubdomain($0) }
    )
  }

  static var dnsDomain: Self {
    name(
      TextFormat(
        "a DNS domain",
        example: "cluster.local",
        pattern: "^\(TextFormat.subdomainPattern)$"
      ),
      isValid: { NameSyntax.isHostName($0) }
    )
  }

  /// What a certificate may name: an address or a DNS name, its first label perhaps `*`.
  static var subjectAlternativeName: Self {
    name(
      TextFormat(
        "an IPv4 address or a DNS name",
        example: "kubernetes.example.com",
        pattern: "^(\\*\\.)?\(TextFormat.subdomainPattern)$"
      ),
      isValid: { text in
        IPv4Address(text) != nil
          || NameSyntax.isHostName(text.hasPrefix("*.") ? String(text.dropFirst(2)) : text)
      }
    )
  }

  /// The name of an admission plugin; which ones there are depends on the release.
  static var admissionPlugin: Self {
    text(
      TextFormat(
        "the name of an admission plugin",
        example: "AlwaysPullImages",
        pattern: "^[A-Za-z]+$",
        maximumLength: 63
      ),
      parse: { text in
        !text.isEmpty && text.utf8.allSatisfy(\.isLetter) ? text : nil
      },
      write: { $0 }
    )
  }

  static var labelKey: Self {
    name(.labelKey, isValid: { NameSyntax.isKey($0) })
  }

  static var labelValue: Self {
    text(.labelValue, parse: { NameSyntax.isLabelValue($0) ? $0 : nil }, write: { $0 })
  }

  /// A text that is its own value; upper case where only lower case is right is put right as a suggestion.
  private static func name(
    _ format: TextFormat,
    isValid: @escaping @Sendable (String) -> Bool
  ) -> Self {
    text(
      format,
      parse: { (text) throws(Misfit) in
        if isValid(text) { return text }
        let lower = text.lowercased()
        guard lower != text, isValid(lower) else { return nil }
        throw Misfit("\(Excerpt.quoted(text)) is not \(format.noun)", suggestion: lower)
      },
      write: { $0 }
    )
  }
}

extension Form where Value == [String: String] {
  /// Labels of a node.
  static var labels: Self {
    map(
      keys: .labelKey,
      keyFormat: .labelKey,
      values: .labelValue,
      valueFormat: .labelValue
    )
  }
}

extension Form where Value == Taint {
  static var taint: Self {
    let effects = Taint.Effect.allCases.map(\.rawValue)
    return text(
      TextFormat(
        "a taint",
        example: "dedicated=storage:NoSchedule",
        pattern: "^[^=:]+(=[^=:]*)?:(\(effects.joined(separator: "|")))$",
        maximumLength: 400
      ),
      parse: { (text) throws(Misfit) in
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let word = String(text[text.index(after: colon)...])
        guard let effect = Taint.Effect(rawValue: word) else {
          throw Misfit(
            "\(Excerpt.quoted(word)) is not a taint's effect",
            allowed: effects,
            suggestion: NearestSpelling.of(word, among: effects)
          )
        }
        let parts = text[..<colon].split(
          separator: "=",
          maxSplits: 1,
          omittingEmptySubsequences: false
        )
        let key = String(parts.first ?? "")
        let value = parts.count > 1 ? String(parts[1]) : ""
        guard NameSyntax.isKey(key) else {
          throw Misfit("\(Excerpt.quoted(key)) is not a taint's key")
        }
        guard NameSyntax.isLabelValue(value) else {
          throw Misfit("\(Excerpt.quoted(value)) is not a taint's value")
        }
        return Taint(key: key, value: value, effect: effect)
      },
      write: \.description
    )
  }
}

extension TextFormat {
  static let labelKey = Self(
    "a label's key",
    example: "tier",
    pattern: "^(\(subdomainPattern)/)?\(qualifiedPattern)$",
    maximumLength: 317
  )

  static let labelValue = Self(
    "a label's value (letters, digits, and -_. inside)",
    example: "storage",
    pattern: "^(\(qualifiedPattern))?$",
    maximumLength: 63
  )
}
