// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What the calling client says in KUBERNETES_EXEC_INFO.
package struct ExecInfo: Sendable, Equatable {
  /// The version to answer in.
  package let apiVersion: ExecCredential.APIVersion
  /// What to tell the user, on standard error, where the client's word was of no use.
  package let warning: String?

  /// Reads the variable; v1beta1 where it is missing (clients before 1.20 do not set it) or broken.
  ///
  /// The fallback is awscli's: customizations/eks/get_token.py, discover_api_version.
  package init(_ text: String?) {
    guard let text, !text.isEmpty else {
      (apiVersion, warning) = (.v1beta1, nil)
      return
    }
    guard let info = try? JSONDecoder().decode(Info.self, from: Data(text.utf8)) else {
      apiVersion = .v1beta1
      warning = "KUBERNETES_EXEC_INFO is not JSON with an apiVersion; answering in v1beta1"
      return
    }
    if let version = ExecCredential.APIVersion(rawValue: info.apiVersion) {
      (apiVersion, warning) = (version, nil)
    } else {
      apiVersion = .v1beta1
      warning = "KUBERNETES_EXEC_INFO asks for an unknown version; answering in v1beta1"
    }
  }

  private struct Info: Decodable {
    let apiVersion: String
  }
}
