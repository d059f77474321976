// SPDX-License-Identifier: Apache-2.0

import Catalog
import PKI
import Resources
import Spec
import Values

/// How the API server encrypts secrets before etcd sees them.
enum SecretsEncryption {
  static func file(_ context: HostContext) -> Resource {
    .file(
      File(
        path: Layout.encryption,
        content: .secret(Sensitive(document(context).yaml)),
        mode: 0o600,
        reason: "The keys that secrets are encrypted with at rest (CIS 1.2.27, 1.2.28)."
      )
    )
  }

  static func document(_ context: HostContext) -> Document {
    [
      "apiVersion": .text(Catalog.standard.fact(.encryptionAPIVersion, at: context.minor)),
      "kind": .text(Catalog.standard.fact(.encryptionKind, at: context.minor)),
      "resources": [["resources": ["secrets"], "providers": .list(providers(context))]],
    ]
  }

  /// The first provider writes, all of them read.
  ///
  /// So the other ciphers stay below the chosen one (a spec that changes its provider must not make
  /// what is stored unreadable), and `identity` reads what was written before there was encryption.
  private static func providers(_ context: HostContext) -> [Document] {
    let chosen = context.cluster.secretsEncryption.provider
    let others: [EncryptionProvider] = [.secretbox, .aescbc, .aesgcm, .identity]
    let keys = context.pki.encryptionKeys.map { key -> Document in
      ["name": .text(key.name), "secret": .text(key.secret.revealText())]
    }
    return ([chosen] + others.filter { $0 != chosen }).compactMap { provider -> Document? in
      if provider == .identity { return ["identity": [:]] }
      guard !keys.isEmpty else { return nil }
      let settings: Document = ["keys": .list(keys)]
      return .map([(key: provider.rawValue, value: settings)])
    }
  }
}
