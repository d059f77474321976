// SPDX-License-Identifier: Apache-2.0

/// What all servers agree on for TLS.
enum TLSPolicy {
  static let minimumVersion = "VersionTLS12"

  /// The suites that both CIS 1.2.29 (API server) and 4.2.12 (kubelet) allow, by the names that
  /// every minor from 1.11 to 1.36 knows.
  ///
  /// TLS 1.3 has suites of its own.
  static let cipherSuites = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
  ]

  /// For etcd, the four whose names never changed; they imply TLS 1.2.
  static let etcdCipherSuites = cipherSuites.filter { $0.contains("_GCM_") }
}
